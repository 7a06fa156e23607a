package org.apache.seatunnel.api.source;

public interface Collector<T> {

    void collect(T record);
}
