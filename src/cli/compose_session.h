/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_session.h - a session at a terminal, as contrib/record_session.py
 * recorded it.
 */
#ifndef DHOW_CLI_COMPOSE_SESSION_H
#define DHOW_CLI_COMPOSE_SESSION_H

/* clang-format off */
static const char compose_session[] =
	"$ dhow compose up\n"
	"[+] Creating 3/3\n"
	" ✔ Network shop_default  Created                                           0.0s\n"
	" ✔ Container shop-db-1  Created                                            0.0s\n"
	" ✔ Container shop-web-1  Created                                           0.0s\n"
	"Attaching to db-1, web-1\n"
	" Container shop-db-1  Starting\n"
	" Container shop-db-1  Started\n"
	" Container shop-db-1  Waiting\n"
	"db-1   | ready for connections\n"
	" Container shop-db-1  Healthy\n"
	" Container shop-web-1  Starting\n"
	" Container shop-web-1  Started\n"
	"web-1  | listening on port 80\n"
	"^CGracefully Stopping... press Ctrl+C again to force\n"
	" Container shop-web-1  Stopping\n"
	" Container shop-web-1  Stopped\n"
	" Container shop-db-1  Stopping\n"
	"db-1   | shutting down\n"
	" Container shop-db-1  Stopped\n"
	"db-1 exited with code 0\n"
	"web-1 exited with code 143\n"
	"$ dhow compose up -d\n"
	"[+] Running 2/2\n"
	" ✔ Container shop-db-1  Healthy                                            1.1s\n"
	" ✔ Container shop-web-1  Started                                           0.0s\n"
	"$ dhow compose ps\n"
	"NAME         IMAGE     COMMAND                  SERVICE   CREATED         STATUS                  PORTS\n"
	"shop-db-1    busybox   \"sh /db.sh\"              db        2 seconds ago   Up 1 second (healthy)\n"
	"shop-web-1   busybox   \"sh -c 'mkdir /site;…\"   web       2 seconds ago   Up Less than a second\n"
	"$ dhow compose logs -f -n 1 db\n"
	"db-1  | ready for connections\n"
	"# elsewhere: db writes a checkpoint\n"
	"db-1  | checkpoint complete\n"
	"^C\n"
	"$ dhow compose watch\n"
	"[+] Running 2/2\n"
	" ✔ Container shop-db-1  Running                                            0.0s\n"
	" ✔ Container shop-web-1  Running                                           0.0s\n"
	"Watch enabled\n"
	"# elsewhere: site/index.html is saved\n"
	"Syncing service \"web\" after 1 changes were detected\n"
	"^C\n"
	"$ dhow compose exec web cat /site/index.html\n"
	"<h1>Sale</h1>\n";

#endif
