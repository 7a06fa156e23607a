package org.apache.seatunnel.connectors.seatunnel.common.source;

import org.apache.seatunnel.api.source.Collector;
import org.apache.seatunnel.api.source.SourceReader;

public abstract class AbstractSingleSplitReader<T> implements SourceReader<T, SingleSplit> {

    @Override
    public void pollNext(Collector<T> output) throws Exception {
        internalPollNext(output);
    }

    public void internalPollNext(Collector<T> output) throws Exception {}
}
