pub mod default {
    pub mod codecs {
        #[cfg(feature = "aac")]
        pub use symphonia_codec_aac::AacDecoder;
    }

    use symphonia_core::codecs::registry::CodecRegistry;

    pub fn register_enabled_codecs(registry: &mut CodecRegistry) {
        #[cfg(feature = "aac")]
        registry.register_audio_decoder::<codecs::AacDecoder>();
    }
}
