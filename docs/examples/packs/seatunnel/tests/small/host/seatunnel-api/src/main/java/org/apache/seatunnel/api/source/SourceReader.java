package org.apache.seatunnel.api.source;

import java.io.IOException;

public interface SourceReader<T, SplitT extends SourceSplit> {

    void open() throws Exception;

    void pollNext(Collector<T> output) throws Exception;

    void close() throws IOException;
}
