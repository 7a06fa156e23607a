pub mod audio {
    use crate::errors::Result;

    pub struct AudioCodecParameters;
    pub struct CodecInfo;

    pub trait AudioDecoder: Send + Sync {
        fn reset(&mut self);
        fn codec_info(&self) -> &CodecInfo;
        fn codec_params(&self) -> &AudioCodecParameters;
        fn decode(&mut self, packet: &[u8]) -> Result<usize>;
    }
}

pub mod registry {
    #[derive(Default)]
    pub struct CodecRegistry;
}
