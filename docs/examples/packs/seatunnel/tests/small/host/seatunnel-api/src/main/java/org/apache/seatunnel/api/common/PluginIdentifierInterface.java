package org.apache.seatunnel.api.common;

public interface PluginIdentifierInterface {

    String getPluginName();
}
