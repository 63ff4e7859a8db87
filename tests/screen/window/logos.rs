//! In a real window, a logo that takes long to draw does not delay the sale.

use std::fs;

use image::{Rgb, RgbImage};
use tempfile::TempDir;

use crate::process::{PATIENCE, poll};
use crate::window::scene::Scene;
use crate::window::shop::Settings;

const RED: Rgb<u8> = Rgb([255, 0, 0]);

/// Starts a sale in a shop with this logo file.
fn sale_with_logo(directory: &TempDir, name: &str) -> Scene {
    let line = format!("shop-logo = {:?}", directory.path().join(name));
    let settings = Settings::with(|settings| settings.display = line.leak());

    Scene::sale_with((1024, 600), settings)
}

#[test]
fn f77_endless_logo_delays_no_code() {
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
    scene.is_paid(1, &request);
}

#[test]
fn f77_large_logo_is_shown_later() {
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
