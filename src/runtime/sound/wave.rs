//! Makes the tones, and the WAV file for a player program.

use std::f32::consts::TAU;

/// A tone of an ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Paid in full: two notes upwards.
    Paid,
    /// Any other ending, also unknown: two lower notes downwards.
    NotPaid,
}

pub(super) const RATE: u32 = 44_100;

/// A note: its frequency in hertz and its length in seconds.
type Note = (f32, f32);

/// A fifth upwards.
const PAID: [Note; 2] = [(659.26, 0.14), (987.77, 0.34)];
/// A fourth downwards, and lower than [`PAID`], so that one note is enough to tell them apart.
const NOT_PAID: [Note; 2] = [(329.63, 0.2), (246.94, 0.4)];

/// The loudest level, where 1 is the loudest sample.
const VOLUME: f32 = 0.5;

pub(super) fn samples(tone: Tone) -> Vec<i16> {
    let notes = match tone {
        Tone::Paid => PAID,
        Tone::NotPaid => NOT_PAID,
    };

    notes.into_iter().flat_map(note).collect()
}

/// Returns a note that begins softly and fades, with a warm overtone.
fn note((frequency, seconds): Note) -> impl Iterator<Item = i16> {
    const ATTACK: f32 = 0.008;
    const OVERTONE: f32 = 0.25;
    let count = (seconds * RATE as f32) as u32;

    (0..count).map(move |index| {
        let time = index as f32 / RATE as f32;
        let rises = (time / ATTACK).min(1.0);
        let falls = (1.0 - time / seconds).max(0.0).powi(2);
        let wave = (TAU * frequency * time).sin() + OVERTONE * (TAU * 2.0 * frequency * time).sin();
        let level = wave / (1.0 + OVERTONE) * rises * falls * VOLUME;

        // The level is below 1, so the product fits a sample.
        (level * f32::from(i16::MAX)) as i16
    })
}

pub(super) fn file(samples: &[i16]) -> Vec<u8> {
    const CHANNELS: u16 = 1;
    const BYTES_A_SAMPLE: u16 = 2;
    const PCM: u16 = 1;
    /// The number of header bytes after the length field.
    const REST_OF_HEADER: u32 = 36;
    let length = u32::try_from(samples.len()).unwrap_or(0) * u32::from(BYTES_A_SAMPLE);
    let mut file = Vec::with_capacity(44 + samples.len() * 2);
    file.extend(b"RIFF");
    file.extend((REST_OF_HEADER + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(PCM.to_le_bytes());
    file.extend(CHANNELS.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * u32::from(BYTES_A_SAMPLE)).to_le_bytes());
    file.extend(BYTES_A_SAMPLE.to_le_bytes());
    file.extend((BYTES_A_SAMPLE * 8).to_le_bytes());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));

    file
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts how often a second the wave rises through zero.
    fn pitch(samples: &[i16]) -> f32 {
        let rises = samples
            .windows(2)
            .filter(|two| two[0] < 0 && two[1] >= 0)
            .count();

        rises as f32 * RATE as f32 / samples.len() as f32
    }

    #[test]
    fn paid_rises_and_not_paid_falls() {
        let halves = |tone| {
            let samples = samples(tone);
            let tenth = samples.len() / 10;

            (
                pitch(&samples[..2 * tenth]),
                pitch(&samples[5 * tenth..8 * tenth]),
            )
        };
        let (first, second) = halves(Tone::Paid);
        assert!(second > first * 1.3, "{first} then {second}");
        let (high, low) = halves(Tone::NotPaid);
        assert!(low < high * 0.85, "{high} then {low}");
        assert!(high < first * 0.7, "{high} is told apart from {first}");
    }

    #[test]
    fn tone_is_clean_and_short() {
        for tone in [Tone::Paid, Tone::NotPaid] {
            let samples = samples(tone);
            let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max();
            assert!(loudest.is_some_and(|loudest| (8_000..20_000).contains(&loudest)));
            assert_eq!(samples.first(), Some(&0));
            assert!(samples.last().is_some_and(|last| last.abs() < 50));
            let steps = samples.windows(2).map(|two| two[0].abs_diff(two[1]));
            assert!(steps.max().is_some_and(|step| step < 4_000));
            assert!(samples.len() < RATE as usize, "less than a second");
        }
    }

    #[test]
    fn file_header_is_right() {
        let file = file(&[1, -1, 300]);
        assert_eq!(file.len(), 44 + 6);
        assert_eq!(&file[..4], b"RIFF");
        assert_eq!(file[4..8], (file.len() as u32 - 8).to_le_bytes());
        assert_eq!(&file[8..16], b"WAVEfmt ");
        assert_eq!(file[24..28], RATE.to_le_bytes());
        assert_eq!(&file[36..40], b"data");
        assert_eq!(file[40..44], 6_u32.to_le_bytes());
        assert_eq!(file[44..], [1, 0, 255, 255, 44, 1]);
    }
}
