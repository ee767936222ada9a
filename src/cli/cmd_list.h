/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_list.h - every cmd_<name>.c exports one of these.
 */
#ifndef DHOW_CLI_CMD_LIST_H
#define DHOW_CLI_CMD_LIST_H

#include "cli/cmd.h"

extern const struct cmd cmd_attach;
extern const struct cmd cmd_autostart;
extern const struct cmd cmd_build;
extern const struct cmd cmd_builder_du;
extern const struct cmd cmd_builder_prune;
extern const struct cmd cmd_commit;
extern const struct cmd cmd_complete;
extern const struct cmd cmd_completion;
extern const struct cmd cmd_compose;
extern const struct cmd cmd_compose_config;
extern const struct cmd cmd_compose_version;
extern const struct cmd cmd_container_exists;
extern const struct cmd cmd_container_inspect;
extern const struct cmd cmd_container_prune;
extern const struct cmd cmd_copy;
extern const struct cmd cmd_cp;
extern const struct cmd cmd_create;
extern const struct cmd cmd_debug_dockerfile;
extern const struct cmd cmd_debug_yaml2json;
extern const struct cmd cmd_diff;
extern const struct cmd cmd_doctor;
extern const struct cmd cmd_events;
extern const struct cmd cmd_exec;
extern const struct cmd cmd_export;
extern const struct cmd cmd_help;
extern const struct cmd cmd_history;
extern const struct cmd cmd_image_exists;
extern const struct cmd cmd_image_inspect;
extern const struct cmd cmd_image_prune;
extern const struct cmd cmd_images;
extern const struct cmd cmd_import;
extern const struct cmd cmd_info;
extern const struct cmd cmd_inspect;
extern const struct cmd cmd_kill;
extern const struct cmd cmd_load;
extern const struct cmd cmd_login;
extern const struct cmd cmd_logout;
extern const struct cmd cmd_logs;
extern const struct cmd cmd_manifest_add;
extern const struct cmd cmd_manifest_annotate;
extern const struct cmd cmd_manifest_create;
extern const struct cmd cmd_manifest_exists;
extern const struct cmd cmd_manifest_inspect;
extern const struct cmd cmd_manifest_push;
extern const struct cmd cmd_manifest_remove;
extern const struct cmd cmd_manifest_rm;
extern const struct cmd cmd_network_connect;
extern const struct cmd cmd_network_create;
extern const struct cmd cmd_network_disconnect;
extern const struct cmd cmd_network_exists;
extern const struct cmd cmd_network_inspect;
extern const struct cmd cmd_network_ls;
extern const struct cmd cmd_network_prune;
extern const struct cmd cmd_network_rm;
extern const struct cmd cmd_pause;
extern const struct cmd cmd_port;
extern const struct cmd cmd_ps;
extern const struct cmd cmd_pull;
extern const struct cmd cmd_push;
extern const struct cmd cmd_rename;
extern const struct cmd cmd_restart;
extern const struct cmd cmd_rm;
extern const struct cmd cmd_rmi;
extern const struct cmd cmd_run;
extern const struct cmd cmd_save;
extern const struct cmd cmd_start;
extern const struct cmd cmd_stats;
extern const struct cmd cmd_stop;
extern const struct cmd cmd_system_df;
extern const struct cmd cmd_system_prune;
extern const struct cmd cmd_tag;
extern const struct cmd cmd_top;
extern const struct cmd cmd_unpause;
extern const struct cmd cmd_unshare;
extern const struct cmd cmd_untag;
extern const struct cmd cmd_update;
extern const struct cmd cmd_version;
extern const struct cmd cmd_volume_create;
extern const struct cmd cmd_volume_exists;
extern const struct cmd cmd_volume_inspect;
extern const struct cmd cmd_volume_ls;
extern const struct cmd cmd_volume_prune;
extern const struct cmd cmd_volume_rm;
extern const struct cmd cmd_wait;

#endif
