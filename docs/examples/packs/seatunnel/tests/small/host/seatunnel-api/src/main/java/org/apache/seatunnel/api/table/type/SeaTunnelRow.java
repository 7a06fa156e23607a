package org.apache.seatunnel.api.table.type;

public class SeaTunnelRow {}
