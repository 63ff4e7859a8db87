//! Plays the tones with the system's sound server, by the protocol of PulseAudio. PipeWire also speaks it.

use std::time::Duration;

use pulseaudio::{AsPlaybackSource, Client, protocol};
use tokio::runtime;
use tokio::time::timeout;

use super::wave::RATE;

/// The longest wait for a server that plays a tone of half a second.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn play(samples: Vec<i16>) -> Result<(), String> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| error.to_string())?;

    runtime.block_on(async {
        timeout(PATIENCE, stream(samples))
            .await
            .unwrap_or_else(|_| Err("no answer in time".to_owned()))
    })
}

async fn stream(samples: Vec<i16>) -> Result<(), String> {
    let fails = |error: pulseaudio::ClientError| error.to_string();
    let client = Client::from_env(c"patron-display").map_err(fails)?;
    let mut bytes = samples.into_iter().flat_map(i16::to_le_bytes);
    let source = move |room: &mut [u8]| {
        let mut written = 0;
        for (place, byte) in room.iter_mut().zip(&mut bytes) {
            *place = byte;
            written += 1;
        }

        written
    };
    let parameters = protocol::PlaybackStreamParams {
        sample_spec: protocol::SampleSpec {
            format: protocol::SampleFormat::S16Le,
            channels: 1,
            sample_rate: RATE,
        },
        channel_map: protocol::ChannelMap::mono(),
        cvolume: Some(protocol::ChannelVolume::norm(1)),
        sink_name: Some(protocol::DEFAULT_SINK.to_owned()),
        ..protocol::PlaybackStreamParams::default()
    };
    let stream = client
        .create_playback_stream(parameters, source.as_playback_source())
        .await
        .map_err(fails)?;

    stream.play_all().await.map_err(fails)
}
