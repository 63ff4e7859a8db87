use super::*;

fn place(x: i16, y: i16, width: i16, height: i16) -> Rectangle {
    Rectangle {
        x: x.into(),
        y: y.into(),
        width: width.into(),
        height: height.into(),
    }
}

fn sight(code: &Arc<Code>, is_settled: bool, window: WindowPlace) -> Sight {
    let placed = Placed {
        code: Arc::clone(code),
        place: place(0, 0, 400, 400),
    };

    Sight {
        frame: FrameResult::Presented {
            code: Some(placed),
            leaves_out: false,
            is_settled,
        },
        window,
    }
}

fn mapped(covers: &[Rectangle]) -> WindowPlace {
    WindowPlace::Mapped {
        seen: place(0, 0, 800, 480),
        covers: covers.to_vec(),
    }
}

#[test]
fn f56_code_is_seen_after_its_present_only() {
    let payload = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";
    let [code, other] = [payload; 2].map(|payload| Arc::new(Code::proven(payload).unwrap()));
    assert_eq!(sight(&code, true, mapped(&[])).shows(&code), Ok(()));
    let pending = sight(&code, false, mapped(&[]));
    assert_eq!(pending.shows(&code), Err(Unseen::NotYet));
    // The last frame still shows the code of the previous attempt.
    assert!(sight(&other, true, mapped(&[])).shows(&code).is_err());
    let failed = Sight {
        frame: FrameResult::Failed("no".to_owned()),
        window: mapped(&[]),
    };
    assert_eq!(failed.shows(&code), Err(Unseen::Failing("no".to_owned())));
    let unknown = Sight {
        window: mapped(&[]),
        ..Sight::default()
    };
    assert_eq!(unknown.shows(&code), Err(Unseen::NotYet));
}

#[test]
fn f56_unsettled_frame_is_looked_at_each_time() {
    let mut sight = Sight::default();
    for is_settled in [false, false, true] {
        assert!(sight.take_frame(None, false, is_settled));
    }
    assert!(!sight.take_frame(None, false, true));
}

#[test]
fn f57_code_under_a_window_is_not_seen() {
    let code = Arc::new(Code::proven("a code").unwrap());
    let covered = Err(Unseen::Covered);
    for window in [
        WindowPlace::Hidden,
        WindowPlace::Gone,
        mapped(&[place(399, 399, 10, 10)]),
        mapped(&[place(-5, -5, 2000, 2000)]),
        WindowPlace::Mapped {
            seen: place(1, 0, 799, 480),
            covers: Vec::new(),
        },
    ] {
        assert_eq!(
            sight(&code, true, window.clone()).shows(&code),
            covered,
            "{window:?}"
        );
    }
    let beside = mapped(&[place(400, 0, 100, 100)]);
    assert_eq!(sight(&code, true, beside).shows(&code), Ok(()));
}
