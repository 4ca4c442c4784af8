/**
 * Who may do what: users, their passwords, and the commands, keys and channels that their rules allow. May use {@code config};
 * knows no client: {@code command} asks before a command runs.
 */
package dev.jackdaw.server.acl;
