package org.apache.seatunnel.connectors.seatunnel.fake.source;

import org.apache.seatunnel.api.source.Collector;
import org.apache.seatunnel.api.table.type.SeaTunnelRow;
import org.apache.seatunnel.connectors.seatunnel.common.source.AbstractSingleSplitReader;
import org.apache.seatunnel.connectors.seatunnel.common.source.SingleSplitReaderContext;

import java.io.IOException;

public class FakeSourceReader extends AbstractSingleSplitReader<SeaTunnelRow> {
    private final SingleSplitReaderContext context;

    public FakeSourceReader(SingleSplitReaderContext context) {
        this.context = context;
    }

    @Override
    public void open() throws Exception {}

    @Override
    public void internalPollNext(Collector<SeaTunnelRow> output) throws Exception {
        throw new UnsupportedOperationException("Fake reads nothing yet");
    }

    @Override
    public void close() throws IOException {}
}
