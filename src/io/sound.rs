//! Sounds: two short beeps for money that is there, a long low one for a payment that failed.
//!
//! Played by whatever player the system has, in a process of its own: a sound system that hangs or
//! crashes must not take the till with it. The files lie in the data folder, and an owner's own files
//! there are kept.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::terminal::Sound;

/// Sounds that wait for the one before; more are left out.
const WAITING_MAX: usize = 2;
/// How long a player may take, in hundredths of a second.
const PLAYING_MAX: u32 = 300;
/// Samples a second of the files that are made here.
const RATE: u32 = 22_050;
/// What players are looked for, in this order: of `PipeWire`, of `PulseAudio`, of ALSA.
const PLAYERS: [&[&str]; 3] = [&["pw-play"], &["paplay"], &["aplay", "-q"]];

/// Plays without being waited for.
#[derive(Clone, Debug)]
pub struct Speaker(SyncSender<Sound>);

impl Speaker {
    /// Plays the files of a folder, which is made, as missing files are.
    pub fn start(folder: PathBuf) -> Self {
        let players = PLAYERS.map(|words| words.iter().map(|word| (*word).to_owned()).collect());
        Self::with_players(folder, players.to_vec())
    }

    fn with_players(folder: PathBuf, players: Vec<Vec<String>>) -> Self {
        let (sender, sounds) = sync_channel(WAITING_MAX);
        let plays = move || play_all(&folder, &players, &sounds);
        let thread = std::thread::Builder::new().name("sound".to_owned());
        if let Err(error) = thread.spawn(plays) {
            // A till without sound sells all the same.
            tracing::warn!(%error, "there is no sound: its thread does not start");
        }
        Self(sender)
    }

    /// Plays soon; a sound that finds too many before it is left out.
    pub fn play(&self, sound: Sound) {
        if self.0.try_send(sound).is_err() {
            // Full, or without a thread: nobody waits for a sound.
            tracing::debug!(?sound, "left out");
        }
    }
}

fn play_all(folder: &Path, players: &[Vec<String>], sounds: &Receiver<Sound>) {
    let mut is_known = false;
    while let Ok(sound) = sounds.recv() {
        let file = match file_of(folder, sound) {
            Ok(file) => file,
            Err(error) => {
                tracing::warn!(%error, folder = %folder.display(), "a sound's file cannot be written");
                continue;
            }
        };
        let is_heard = players.iter().any(|player| plays(player, &file));
        if !is_heard && !is_known {
            is_known = true;
            tracing::warn!("there is no sound: none of pw-play, paplay and aplay works here");
        }
    }
}

/// The sound's file, made where there is none.
fn file_of(folder: &Path, sound: Sound) -> std::io::Result<PathBuf> {
    let (name, beeps) = match sound {
        Sound::Paid => ("paid.wav", PAID),
        Sound::Failed => ("failed.wav", FAILED),
    };
    let file = folder.join(name);
    if !file.exists() {
        std::fs::create_dir_all(folder)?;
        std::fs::File::create(&file)?.write_all(&wav(beeps))?;
    }
    Ok(file)
}

/// Whether a player played a file to its end.
fn plays(player: &[String], file: &Path) -> bool {
    let Some((program, words)) = player.split_first() else {
        return false;
    };
    let mut command = Command::new(program);
    command.args(words).arg(file);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().is_ok_and(ends_well)
}

/// Whether a process ends well, and in time; one that does not is ended.
fn ends_well(mut child: Child) -> bool {
    for _ in 0..PLAYING_MAX {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
            Err(_unknown) => break,
        }
    }
    if let Err(error) = child.kill().and_then(|()| child.wait()) {
        tracing::warn!(%error, "a player that hangs cannot be ended");
    }
    false
}

/// A beep: its pitch in hertz, its length and the silence after it in milliseconds.
type Beep = (u32, u32, u32);
const PAID: &[Beep] = &[(1_318, 110, 70), (1_760, 130, 0)];
const FAILED: &[Beep] = &[(220, 900, 0)];
/// How fast a beep begins and ends, in samples: without it the speaker clicks.
const EDGE: u32 = 200;

/// Beeps as a WAV file: PCM, one channel, 16 bits.
fn wav(beeps: &[Beep]) -> Vec<u8> {
    let samples: Vec<i16> = beeps.iter().flat_map(|beep| samples(*beep)).collect();
    let data = u32::try_from(samples.len()).unwrap_or(0).saturating_mul(2);
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend(data.saturating_add(36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    for word in [1_u16, 1] {
        file.extend(word.to_le_bytes());
    }
    file.extend(RATE.to_le_bytes());
    file.extend(RATE.saturating_mul(2).to_le_bytes());
    for word in [2_u16, 16] {
        file.extend(word.to_le_bytes());
    }
    file.extend(b"data");
    file.extend(data.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

fn samples((pitch, length_ms, pause_ms): Beep) -> impl Iterator<Item = i16> {
    let count = |millis: u32| RATE.saturating_mul(millis).div_euclid(1_000);
    let length = count(length_ms);
    let tone = (0..length).map(move |at| {
        let edge = at.min(length.saturating_sub(at)).min(EDGE);
        let angle = f64::from(at) * f64::from(pitch) * std::f64::consts::TAU / f64::from(RATE);
        let loudness = 20_000.0 * f64::from(edge) / f64::from(EDGE);
        #[expect(clippy::cast_possible_truncation, reason = "at most 20,000")]
        let sample = (angle.sin() * loudness) as i16;
        sample
    });
    tone.chain(std::iter::repeat_n(
        0,
        usize::try_from(count(pause_ms)).unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long it sounds and is silent by turns, in milliseconds.
    fn turns(file: &[u8]) -> Vec<(bool, usize)> {
        let samples = file[44..]
            .chunks(2)
            .map(|two| i16::from_le_bytes([two[0], two[1]]));
        let samples: Vec<_> = samples.collect();
        // A wave passes through zero; a pause stays there.
        let windows = samples
            .chunks(220)
            .map(|some| some.iter().any(|sample| *sample != 0));
        let mut turns: Vec<(bool, usize)> = Vec::new();
        for sounds in windows {
            match turns.last_mut() {
                Some((last, length)) if *last == sounds => *length += 10,
                _ => turns.push((sounds, 10)),
            }
        }
        turns
    }

    #[test]
    fn paid_is_two_short_beeps_and_failed_a_long_one() {
        let paid = turns(&wav(PAID));
        let sounding: Vec<_> = paid.iter().map(|(sounds, _)| *sounds).collect();
        assert_eq!(sounding, [true, false, true]);
        assert!(paid.iter().all(|(_, length)| *length < 200), "{paid:?}");
        let failed = turns(&wav(FAILED));
        assert_eq!(failed.len(), 1);
        assert!(failed[0].1 >= 800, "{failed:?}");
    }

    #[test]
    fn the_files_are_as_long_as_they_say() {
        for beeps in [PAID, FAILED] {
            let file = wav(beeps);
            let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
            let length = u32::try_from(file.len()).unwrap();
            assert_eq!((number(4), number(40)), (length - 8, length - 44));
            assert_eq!((&file[..4], &file[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
        }
    }

    #[test]
    fn the_first_player_that_works_plays_and_an_owners_file_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let sounds = folder.path().join("sounds");
        std::fs::create_dir(&sounds).unwrap();
        std::fs::write(sounds.join("failed.wav"), "the owner's").unwrap();
        let heard = folder.path().join("heard");
        let script = format!("cat \"$0\" >>{0} && echo >>{0}", heard.display());
        let player = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let players = vec![
            player(&["no-such-player-here"]),
            player(&["false"]),
            player(&["sh", "-c", &script]),
            player(&["sh", "-c", "exit 1"]),
        ];
        let speaker = Speaker::with_players(sounds.clone(), players);
        speaker.play(Sound::Failed);
        speaker.play(Sound::Paid);
        let expected = [&b"the owner's\n"[..], &wav(PAID), b"\n"].concat();
        for _ in 0..500 {
            if std::fs::read(&heard).is_ok_and(|heard| heard.len() >= expected.len()) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(std::fs::read(&heard).unwrap(), expected);
    }
}
