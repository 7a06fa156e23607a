package org.apache.seatunnel.api.source;

public enum Boundedness {
    BOUNDED,
    UNBOUNDED
}
