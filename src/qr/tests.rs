use super::*;

const URL: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";

#[test]
fn a_payment_url_fits_into_twenty_nine_modules() {
    let code = Code::proven(URL).expect("a code");
    assert_eq!(code.modules(), 29 + 2 * QUIET_ZONE);
}

#[test]
fn the_quiet_zone_is_light_on_all_four_sides() {
    let picture = Code::proven(URL).expect("a code").picture(1);
    let size = picture.width();
    for (x, y, pixel) in picture.enumerate_pixels() {
        let edge = [x, y, size - 1 - x, size - 1 - y].into_iter().min();
        if edge < Some(QUIET_ZONE) {
            assert_eq!(pixel.0[0], LIGHT, "at {x},{y}");
        }
    }
}

#[test]
fn the_dark_runs_are_exactly_the_dark_pixels() {
    let code = Code::proven(URL).expect("a code");
    let mut drawn = GrayImage::from_pixel(code.modules(), code.modules(), Luma([LIGHT]));
    for run in code.dark_runs() {
        for x in run.x..run.x + run.length {
            drawn.put_pixel(x, run.y, Luma([DARK]));
        }
    }
    assert_eq!(drawn, code.picture(1));
}

#[test]
fn a_damaged_code_is_not_taken_for_proven() {
    let mut code = Code::made(URL, Level::Low, None).expect("a code");
    code.dark
        .iter_mut()
        .step_by(3)
        .for_each(|dark| *dark = !*dark);
    assert!(code.prove(URL, None).is_err());
}

#[test]
fn damaged_code_of_a_known_size_is_refused() {
    find_usual_size().expect("a code");
    let mut code = Code::made(URL, Level::Low, None).expect("a code");
    assert!(found_sizes().contains(&code.side));
    assert_eq!(code.prove(URL, None), Ok(()));
    let other = URL.replace("MhocUm", "MhocUn");
    assert_eq!(code.prove(&other, None), Err(CodeError::Different));
    code.dark
        .iter_mut()
        .step_by(3)
        .for_each(|dark| *dark = !*dark);
    assert!(matches!(
        code.prove(URL, None),
        Err(CodeError::Unreadable(_))
    ));
}

#[test]
fn reading_in_place_equals_reading() {
    for letters in [20, 53, 120, 300] {
        let payload = "x".repeat(letters);
        let code = Code::made(&payload, Level::Low, None).expect("a code");
        for scale in [1, FEWEST_PIXELS, 9] {
            let picture = code.picture(scale);
            assert_eq!(
                read_in_place(&picture, code.side, scale),
                Ok(payload.clone())
            );
        }
        assert_eq!(read(&code.picture(FEWEST_PIXELS)), Ok(payload));
    }
}

#[test]
fn a_payload_that_fits_no_code_is_an_error() {
    assert!(matches!(
        Code::proven(&"x".repeat(5000)),
        Err(CodeError::Unfit(_))
    ));
}

fn with_the_mark(payload: &str) -> Code {
    let drawing = Drawing {
        logo: Some(Arc::new(crate::logo::mark().unwrap())),
        room: Some(1080),
    };

    Code::proven_as(payload, &drawing).expect("a code")
}

#[test]
fn logo_has_the_middle_of_a_code_to_itself() {
    let code = with_the_mark(URL);
    let clearing = code.clearing().expect("a logo");
    assert_eq!(2 * clearing.start + clearing.side, code.modules());
    let inside = clearing.start..clearing.start + clearing.side;
    for run in code.dark_runs() {
        for x in run.x..run.x + run.length {
            assert!(!inside.contains(&x) || !inside.contains(&run.y));
        }
    }
}

#[test]
fn logo_is_odd_and_at_most_a_fifth_of_the_width() {
    for length in [10, 52, 90, 200, 500] {
        let code = with_the_mark(&"x".repeat(length));
        let clearing = code.clearing().expect("a logo");
        assert!(clearing.side * LARGEST_LOGO <= code.side, "{clearing:?}");
        assert!(
            (clearing.side + 2) * LARGEST_LOGO > code.side,
            "{clearing:?}"
        );
        assert_eq!(clearing.side % 2, 1);
    }
}

#[test]
fn logo_stays_half_a_module_inside_its_clearing() {
    let emblem = with_the_mark(URL).emblem(10).expect("a logo");
    let size = emblem.width();
    for (x, y, pixel) in emblem.enumerate_pixels() {
        let edge = [x, y, size - 1 - x, size - 1 - y].into_iter().min();
        if edge < Some(5) {
            assert_eq!(pixel.0, [LIGHT; 4], "at {x},{y}");
        }
    }
    assert!(emblem.pixels().any(|pixel| pixel.0[0] < 64));
}

#[test]
fn code_with_a_logo_is_read_at_every_size() {
    let code = with_the_mark(URL);
    for scale in FEWEST_PIXELS..=32 {
        assert_eq!(read(&code.picture(scale)).as_deref(), Ok(URL), "{scale}");
    }
}

#[test]
fn code_unreadable_with_its_logo_has_none() {
    let mut ruined = with_the_mark(URL);
    ruined
        .dark
        .iter_mut()
        .step_by(3)
        .for_each(|dark| *dark = !*dark);
    assert!(ruined.prove(URL, None).is_err());

    // A whole number of bytes more than any version holds at the level that a logo needs.
    let code = with_the_mark(&"x".repeat(2800));
    assert_eq!(code.clearing(), None);
    assert_eq!(code.level(), Level::Low);
}
