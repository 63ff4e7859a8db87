//! A logo that takes long, in a real window: the sale does not wait for it.

use std::fs;

use image::{Rgb, RgbImage};
use tempfile::TempDir;

use crate::process::{PATIENCE, poll};
use crate::scene::Scene;
use crate::shop::Settings;

const RED: Rgb<u8> = Rgb([255, 0, 0]);

/// A sale in a shop whose logo is this file.
fn sale_with_logo(directory: &TempDir, name: &str) -> Scene {
    let line = format!("shop-logo = {:?}", directory.path().join(name));
    let settings = Settings {
        display: line.leak(),
        ..Settings::default()
    };

    Scene::sale_with((1024, 600), settings)
}

#[test]
fn f77_endless_logo_does_not_hold_the_code() {
    let directory = tempfile::tempdir().expect("a directory");
    let endless = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">
        <filter id="f"><feTurbulence baseFrequency="0.01" numOctaves="200000000"/></filter>
        <rect width="9" height="9" filter="url(#f)"/></svg>"#;
    fs::write(directory.path().join("logo.svg"), endless).expect("a file");
    let mut scene = sale_with_logo(&directory, "logo.svg");
    let (request, _) = scene.shows_code(1);
    let told = poll(PATIENCE, || {
        scene
            .kept_log()
            .contains("goes on without a logo")
            .then_some(())
    });
    assert!(told.is_some(), "{}", scene.kept_log());
    scene.pays(&request);
    scene.ends_paid(1, &request);
}

#[test]
fn f77_large_logo_is_shown_once_it_is_drawn() {
    const SIDE: u32 = 4096;
    let directory = tempfile::tempdir().expect("a directory");
    RgbImage::from_pixel(SIDE, SIDE, RED)
        .save(directory.path().join("logo.png"))
        .expect("a picture");
    let scene = sale_with_logo(&directory, "logo.png");
    scene.shows_code(1);
    let shown = poll(PATIENCE, || {
        scene
            .look()
            .pixels()
            .any(|pixel| *pixel == RED)
            .then_some(())
    });
    assert!(shown.is_some(), "{}", scene.kept_log());
}
