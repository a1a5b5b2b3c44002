//! Places in lists as callers keep them: a line with a cursor, and one with a number of items.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgdeck::paging::{Place, Position};
use orgdeck::{close, genesys};
use orgdeck_fuzz::{line, style};

fuzz_target!(|input: &str| {
    let (cursor, items) = line(input);
    let items = items.parse().unwrap_or(items.len() as u64);
    let styles = [
        style(close::VENDOR.operation("users.list").unwrap()).unwrap(),
        style(genesys::VENDOR.operation("groups.list").unwrap()).unwrap(),
        style(genesys::VENDOR.operation("groups.search").unwrap()).unwrap(),
    ];
    let read: Vec<Option<Position>> = styles.iter().map(|style| style.parse(cursor).ok()).collect();
    assert!(read.iter().flatten().count() <= 1, "{cursor:?} is a place of two styles");
    for (style, position) in styles.iter().zip(&read) {
        let Some(position) = position else { continue };
        assert_eq!(position.cursor(), cursor, "it is no cursor that a page gave");
        let further = position.clone().advanced(items);
        assert_eq!(style.parse(&further.cursor()).unwrap(), further);
        match (&position.place, &further.place) {
            (Place::Offset(from), Place::Offset(to)) => {
                let left_out = from.saturating_add(position.skip);
                assert_eq!(to.saturating_add(further.skip), left_out.saturating_add(items));
            }
            (before, behind) => {
                assert_eq!((behind, further.skip), (before, position.skip.saturating_add(items)));
                assert_ne!(*behind, Place::Page(0));
            }
        }
    }
    for position in [Place::Offset(items), Place::Page(items.max(1)), Place::Link(Some(format!("/{cursor}")))]
    {
        let position = Position { place: position, skip: 0 }.advanced(items);
        let cursor = position.cursor();
        let read: Vec<Position> = styles.iter().filter_map(|style| style.parse(&cursor).ok()).collect();
        assert_eq!(read, [position], "{cursor:?}");
    }
});
