/**
 * What a proxy is told when it starts. Uses the topology's nodes only.
 */
package dev.jackdaw.proxy.config;
