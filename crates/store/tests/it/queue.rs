//! The queue: no mark is lost, no key is worked on twice, nobody starves.

use store::testing::{TestDb, databases};
use store::{Claim, Claimed, Finished, Mark, QueueDepth};

const LEASE_MS: i64 = 8_000;

fn mark(db: &TestDb, lane: &str, key: &str, priority: i64, due: i64) {
    let mark = Mark { queue: "dirty", lane, key, priority, due, at: due, payload: "" };
    db.write(|tx| tx.mark(&mark)).unwrap();
}

fn claim(db: &TestDb, lane: Option<&str>, now: i64, limit: i64) -> Vec<Claimed> {
    let claim = Claim { queue: "dirty", lane, owner: "worker", now, lease_ms: LEASE_MS, limit };
    db.write(|tx| tx.claim(&claim)).unwrap()
}

fn one(db: &TestDb, now: i64) -> Claimed {
    claim(db, None, now, 1).into_iter().next().expect("a key is due")
}

fn finish(db: &TestDb, claimed: &Claimed) -> Finished {
    db.write(|tx| tx.finish(claimed)).unwrap()
}

fn keys(claimed: &[Claimed]) -> Vec<&str> {
    claimed.iter().map(|claimed| claimed.key.as_str()).collect()
}

#[test]
fn a_mark_made_during_the_work_is_not_lost() {
    for db in databases(&[]) {
        mark(&db, "a", "1", 1, 0);
        let first = one(&db, 10);
        mark(&db, "a", "1", 1, 20);
        assert!(claim(&db, None, 20, 9).is_empty(), "{}: it is being worked on", db.name);
        assert_eq!(finish(&db, &first), Finished::MarkedAgain, "{}", db.name);
        let second = one(&db, 20);
        assert!(second.generation > first.generation && second.fence > first.fence);
        assert_eq!(finish(&db, &second), Finished::Removed, "{}", db.name);
        assert!(claim(&db, None, 99, 9).is_empty());
        assert!(!db.read(|read| read.is_marked("dirty", "a", "1")).unwrap());
    }
}

#[test]
fn who_lost_the_lease_settles_nothing() {
    for db in databases(&[]) {
        mark(&db, "a", "1", 1, 0);
        let slow = one(&db, 0);
        assert!(claim(&db, None, LEASE_MS - 1, 9).is_empty(), "{}: still lent", db.name);
        assert!(db.write(|tx| tx.hold_fence(&slow, LEASE_MS - 1)).unwrap());
        assert!(!db.write(|tx| tx.hold_fence(&slow, LEASE_MS)).unwrap(), "{}: the lease is over", db.name);
        let quick = one(&db, LEASE_MS);
        assert!(quick.fence > slow.fence);
        for (worker, holds) in [(&slow, false), (&quick, true)] {
            assert_eq!(db.write(|tx| tx.hold_fence(worker, LEASE_MS + 1)).unwrap(), holds, "{}", db.name);
            assert_eq!(db.write(|tx| tx.renew(worker, LEASE_MS + 1, LEASE_MS)).unwrap(), holds, "{}", db.name);
        }
        assert_eq!(finish(&db, &slow), Finished::Lost, "{}", db.name);
        assert!(!db.write(|tx| tx.requeue(&slow, 99)).unwrap());
        assert_eq!(finish(&db, &quick), Finished::Removed);
        // The key comes back: its fence is still higher than any the slow worker may hold.
        mark(&db, "a", "1", 1, 0);
        assert!(one(&db, LEASE_MS).fence > quick.fence);
        assert_eq!(finish(&db, &slow), Finished::Lost, "{}", db.name);
    }
}

#[test]
fn a_renewed_lease_lasts() {
    for db in databases(&[]) {
        mark(&db, "a", "1", 1, 0);
        let held = one(&db, 0);
        assert!(db.write(|tx| tx.renew(&held, 7_000, LEASE_MS)).unwrap());
        assert!(claim(&db, None, 14_999, 9).is_empty());
        assert_eq!(keys(&claim(&db, None, 15_000, 9)), ["1"], "{}", db.name);
    }
}

#[test]
fn a_failed_try_comes_back_later_unless_it_is_marked() {
    for db in databases(&[]) {
        mark(&db, "a", "1", 1, 0);
        let tried = one(&db, 0);
        assert!(db.write(|tx| tx.requeue(&tried, 1_000)).unwrap());
        assert_eq!(db.read(|read| read.queue_next("dirty")).unwrap(), Some(1_000), "{}", db.name);
        assert!(claim(&db, None, 999, 9).is_empty());
        let tried = one(&db, 1_000);
        assert_eq!(tried.attempts, 1, "{}", db.name);
        // Marked by a person meanwhile: at once, and the tries are still counted.
        mark(&db, "a", "1", 1, 1_001);
        assert!(db.write(|tx| tx.requeue(&tried, 9_000)).unwrap());
        let tried = one(&db, 1_001);
        assert_eq!(tried.attempts, 2, "{}", db.name);
        assert!(db.write(|tx| tx.put_off(&tried, 2_000)).unwrap());
        assert_eq!(one(&db, 2_000).attempts, 2, "{}: waiting is no failure", db.name);
    }
}

#[test]
fn marking_again_hastens_and_never_delays() {
    for db in databases(&[]) {
        mark(&db, "a", "1", 1, 100);
        mark(&db, "a", "1", 5, 50);
        mark(&db, "a", "1", 2, 900);
        assert!(claim(&db, None, 49, 9).is_empty(), "{}", db.name);
        let claimed = one(&db, 50);
        assert_eq!((claimed.priority, claimed.generation, claimed.first_marked), (5, 3, 100), "{}", db.name);
    }
}

#[test]
fn the_urgent_go_first_and_the_old_are_not_forgotten() {
    for db in databases(&[]) {
        for number in 0..20 {
            mark(&db, "a", &format!("urgent{number:02}"), 9, 1_000);
        }
        mark(&db, "a", "old", 0, 1);
        mark(&db, "a", "older", 0, 0);
        let claimed = claim(&db, Some("a"), 1_000, 10);
        assert_eq!(claimed.len(), 10, "{}", db.name);
        assert_eq!(claimed.last().map(|last| last.key.as_str()), Some("older"), "{}: one in ten by age", db.name);
        assert!(claimed.iter().take(9).all(|claimed| claimed.priority == 9), "{}", db.name);
    }
}

#[test]
fn lanes_are_served_in_turn_and_never_mixed() {
    for db in databases(&[]) {
        for number in 0..6 {
            mark(&db, "big", &format!("b{number}"), 5, 0);
        }
        mark(&db, "small", "s0", 1, 0);
        let turns: Vec<String> = (0..3)
            .map(|_| {
                let claimed = claim(&db, None, 0, 2);
                assert!(claimed.windows(2).all(|two| two[0].lane == two[1].lane), "{}", db.name);
                claimed[0].lane.clone()
            })
            .collect();
        assert_eq!(turns, ["big", "small", "big"], "{}", db.name);
        assert!(claim(&db, Some("small"), 0, 9).is_empty());
        assert!(claim(&db, Some("unknown"), 0, 9).is_empty());
    }
}

#[test]
fn the_depth_counts_waiting_and_lent_keys() {
    for db in databases(&[]) {
        for (key, due) in [("1", 5), ("2", 7), ("3", 900)] {
            mark(&db, "a", key, 1, due);
        }
        mark(&db, "b", "4", 1, 3);
        claim(&db, Some("a"), 10, 1);
        let depth = |lane| db.read(|read| read.queue_depth("dirty", lane, 10)).unwrap();
        assert_eq!(depth(None), QueueDepth { waiting: 3, leased: 1, oldest: Some(3) }, "{}", db.name);
        assert_eq!(depth(Some("a")), QueueDepth { waiting: 2, leased: 1, oldest: Some(5) }, "{}", db.name);
        assert_eq!(depth(Some("c")), QueueDepth { waiting: 0, leased: 0, oldest: None }, "{}", db.name);
        db.write(|tx| tx.unmark("dirty", "b", "4")).unwrap();
        assert_eq!(depth(Some("b")).waiting, 0);
    }
}

#[test]
fn many_workers_do_every_key_once() {
    for db in databases(&[]) {
        for number in 0..60 {
            mark(&db, if number % 2 == 0 { "a" } else { "b" }, &format!("k{number}"), number % 3, 0);
        }
        let workers: Vec<_> = (0..4)
            .map(|worker| {
                let db = db.db.clone();
                std::thread::spawn(move || {
                    let owner = format!("w{worker}");
                    let mut done = Vec::new();
                    loop {
                        let claim =
                            Claim { queue: "dirty", lane: None, owner: &owner, now: 1, lease_ms: LEASE_MS, limit: 7 };
                        let claimed = db.write(|tx| tx.claim(&claim)).unwrap();
                        if claimed.is_empty() && db.read(|read| read.queue_next("dirty")).unwrap().is_none() {
                            return done;
                        }
                        for key in claimed {
                            assert_eq!(db.write(|tx| tx.finish(&key)).unwrap(), Finished::Removed);
                            done.push(key.key);
                        }
                    }
                })
            })
            .collect();
        let mut done: Vec<String> = workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
        assert_eq!(done.len(), 60, "{}", db.name);
        done.sort();
        done.dedup();
        assert_eq!(done.len(), 60, "{}", db.name);
    }
}
