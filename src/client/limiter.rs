//! Rate limits: requests are held back before the vendor refuses them. What a vendor says of a limit with its answers is
//! believed; a limit that it only documents is kept by counting.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::{Clock, LocalFuture};
use crate::http::{Method, fill};

/// So many requests in so much time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowance {
    /// The requests.
    pub requests: u32,
    /// The time, in milliseconds.
    pub per_ms: f64,
}

/// What an answer says of a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Requests that the window allows.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
    /// Milliseconds until the next window.
    pub reset_ms: f64,
}

/// What is known of a limit, for an app to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitState<'a> {
    /// The requests that count together.
    pub group: &'a str,
    /// Requests that a window allows, where that is known.
    pub limit: Option<u32>,
    /// How many are left of them.
    pub remaining: Option<u32>,
    /// Milliseconds until there is more.
    pub reset_ms: f64,
    /// Requests that wait.
    pub queued: usize,
    /// Requests in flight.
    pub in_flight: u32,
}

/// Requests in flight at once while nothing is known of a vendor's limit, which its first answers tell.
const UNKNOWN_AT_ONCE: u32 = 4;
/// Milliseconds kept clear behind the end of a window: its remaining time may have been rounded.
const MARGIN_MS: f64 = 20.0;

/// Who waits for a request to be let through.
struct Waiter {
    ticket: u32,
    background: bool,
    waker: Cell<Option<Waker>>,
    is_woken: Cell<bool>,
    is_told: Cell<bool>,
}

impl Waiter {
    fn wake(&self) {
        self.is_woken.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// Method and path of the requests that count together; `None` for all.
pub type Group = Option<(Method, &'static str)>;

/// The requests that count together.
#[derive(Default)]
struct Gate {
    group: Group,
    allowance: Option<Allowance>,
    in_flight: Cell<u32>,
    /// Whether an answer came, which would have told of a limit.
    is_answered: Cell<bool>,
    /// The limits that answers told of.
    told: RefCell<Vec<Told>>,
    /// No request goes before that.
    blocked_until: Cell<f64>,
    /// When requests ended, the older ones first, as far as they count for the allowance.
    ended: RefCell<Vec<f64>>,
    /// In the order in which they go.
    queue: RefCell<Vec<Rc<Waiter>>>,
}

/// One of the limits that answers told of. They tell of the closest one: of others nothing is heard for a while.
struct Told {
    limit: u32,
    /// Requests of ours in its window, and of others.
    sent: u32,
    others: u32,
    /// When the window is over at the latest; infinite until an answer tells of it.
    resets_at: f64,
    /// Whether that is a guess, because answers told of another limit alone.
    is_guessed: bool,
    /// When the one before was over at the latest.
    over: f64,
    /// Milliseconds of the longest time that an answer told to be left of a window.
    longest_ms: f64,
}

impl Told {
    /// The next window has begun. What is still in flight may count for it.
    fn begin(&mut self, in_flight: u32) {
        if self.resets_at.is_finite() {
            self.over = self.resets_at;
        }
        self.sent = in_flight;
        self.others = 0;
        self.resets_at = f64::INFINITY;
        self.is_guessed = false;
    }

    fn left(&self) -> u32 {
        self.limit.saturating_sub(self.sent).saturating_sub(self.others)
    }
}

impl Gate {
    fn refresh(&self, now: f64) {
        let in_flight = self.in_flight.get();
        for told in self.told.borrow_mut().iter_mut() {
            // A window that no answer told of, and none in flight will, counts no more either.
            if now >= told.resets_at || (told.resets_at.is_infinite() && in_flight == 0) {
                told.begin(in_flight);
            }
        }
        if let Some(Allowance { per_ms, .. }) = self.allowance {
            self.ended.borrow_mut().retain(|&at| at + per_ms > now);
        }
    }

    /// Requests that count for the allowance.
    fn used(&self) -> usize {
        self.ended.borrow().len() + self.in_flight.get() as usize
    }

    /// When the next request may go, at most `now` for at once; infinite until one in flight is answered.
    fn ready_at(&self, background: bool) -> f64 {
        // A twentieth is kept for whoever does not want to wait behind a listing.
        let reserve = |limit: u32| if background && limit >= 10 { (limit / 20).max(1) } else { 0 };
        let mut ready = self.blocked_until.get();
        if let Some(Allowance { requests, per_ms }) = self.allowance {
            if let Some(over) = self.used().checked_sub((requests - reserve(requests)) as usize) {
                // So many of them have to lie back far enough.
                ready = ready.max(self.ended.borrow().get(over).map_or(f64::INFINITY, |at| at + per_ms));
            }
            return ready;
        }
        for told in self.told.borrow().iter() {
            if told.sent + told.others > 0 && told.left() <= reserve(told.limit) {
                ready = ready.max(told.resets_at);
            }
        }
        if !self.is_answered.get() && self.in_flight.get() >= UNKNOWN_AT_ONCE {
            ready = f64::INFINITY;
        }
        ready
    }

    /// Takes in what the answer to a request says that was sent at `sent_at`. The window that it tells of ends between
    /// its remaining time after the request was sent and its remaining time from now.
    fn learn(&self, window: Option<Window>, sent_at: f64, now: f64) {
        let in_flight = self.in_flight.get();
        let mut all = self.told.borrow_mut();
        if let Some(Window { limit, remaining, .. }) = window
            && !all.iter().any(|told| told.limit == limit)
        {
            // Those in flight may not be among the used ones yet.
            let others = limit.saturating_sub(remaining).saturating_sub(1);
            let (resets_at, over, longest_ms) = (f64::INFINITY, 0.0, 0.0);
            all.push(Told { limit, sent: in_flight, others, resets_at, is_guessed: false, over, longest_ms });
        }
        for told in all.iter_mut() {
            match window {
                Some(Window { limit, remaining, reset_ms }) if limit == told.limit => {
                    told.longest_ms = told.longest_ms.max(reset_ms);
                    let earliest = sent_at + reset_ms;
                    if earliest <= told.over {
                        // It counted for the window before, which it tells of.
                        told.sent = told.sent.saturating_sub(1);
                        continue;
                    }
                    let ends_at = now + reset_ms + MARGIN_MS;
                    if earliest > told.resets_at && !told.is_guessed {
                        told.begin(in_flight);
                    }
                    told.resets_at = if told.is_guessed { ends_at } else { told.resets_at.min(ends_at) };
                    told.is_guessed = false;
                    // What is used up and was not by us, was by others.
                    told.others = told.others.max(limit.saturating_sub(remaining).saturating_sub(told.sent));
                }
                _ if told.resets_at.is_infinite() && sent_at >= told.over => {
                    told.resets_at = now + told.longest_ms + MARGIN_MS;
                    told.is_guessed = true;
                }
                _ => {}
            }
        }
    }

    fn is_first(&self, waiter: &Rc<Waiter>) -> bool {
        self.queue.borrow().first().is_some_and(|first| Rc::ptr_eq(first, waiter))
    }

    fn wake_first(&self) {
        if let Some(first) = self.queue.borrow().first() {
            first.wake();
        }
    }

    /// Lets those tell that they are held back who had nothing to tell when they came.
    fn wake_untold(&self, now: f64) {
        let ready = self.ready_at(true);
        if ready > now && ready.is_finite() {
            self.queue
                .borrow()
                .iter()
                .filter(|waiter| !waiter.is_told.get())
                .for_each(|waiter| waiter.wake());
        }
    }
}

/// Lets requests through, those first that came first, and what runs in the background last.
pub struct Limiter {
    allowance: Option<Allowance>,
    gates: RefCell<Vec<Rc<Gate>>>,
}

impl Limiter {
    /// A limiter that knows of an allowance, or of none.
    pub const fn new(allowance: Option<Allowance>) -> Self {
        Self { allowance, gates: RefCell::new(Vec::new()) }
    }

    fn gate(&self, group: Group) -> Rc<Gate> {
        let mut gates = self.gates.borrow_mut();
        if let Some(known) = gates.iter().find(|gate| gate.group == group) {
            return Rc::clone(known);
        }
        let gate = Rc::new(Gate { group, allowance: self.allowance, ..Gate::default() });
        gates.push(Rc::clone(&gate));
        gate
    }

    /// Waits until a request may go. `ticket` says who came first. `tell` is told, once, for how many milliseconds it is
    /// held back.
    ///
    /// # Errors
    /// The milliseconds that it would have to wait, when those end behind the deadline.
    pub fn admit<'a>(
        &self,
        clock: &'a Rc<dyn Clock>,
        group: Group,
        (ticket, background): (u32, bool),
        deadline: f64,
        tell: impl Fn(f64),
    ) -> impl Future<Output = Result<Permit, f64>> {
        let place = Place::take(&self.gate(group), ticket, background);
        let mut sleep: Option<LocalFuture<'a, ()>> = None;
        poll_fn(move |context| {
            loop {
                let is_over = sleep.as_mut().is_some_and(|sleep| sleep.as_mut().poll(context).is_ready());
                if !place.is_woken(context) && !is_over {
                    return Poll::Pending;
                }
                let gate = &place.gate;
                let now = clock.now_ms();
                gate.refresh(now);
                let (ready, is_first) = (gate.ready_at(background), gate.is_first(&place.waiter));
                if is_first && ready <= now {
                    return Poll::Ready(Ok(Permit::new(gate, clock)));
                }
                if ready > now && ready.is_finite() {
                    if ready >= deadline {
                        return Poll::Ready(Err(ready - now));
                    }
                    if !place.waiter.is_told.replace(true) {
                        tell(ready - now);
                    }
                }
                // Only the first one needs a clock: it wakes the next.
                let is_timed = is_first && ready.is_finite();
                sleep = is_timed.then(|| clock.sleep(ceil_ms(ready - now)));
            }
        })
    }

    /// Tells what is known by now.
    pub fn states(&self, now: f64, tell: &mut dyn FnMut(LimitState<'_>)) {
        for gate in self.gates.borrow().iter() {
            gate.refresh(now);
            let (mut limit, mut remaining, mut resets_at) = (None, None, 0.0);
            for told in gate.told.borrow().iter() {
                if remaining.is_none_or(|least| told.left() < least) {
                    (limit, remaining, resets_at) = (Some(told.limit), Some(told.left()), told.resets_at);
                }
            }
            if let Some(Allowance { requests, per_ms }) = gate.allowance {
                let used = u32::try_from(gate.used()).unwrap_or(u32::MAX);
                limit = Some(requests);
                remaining = Some(requests.saturating_sub(used));
                resets_at = gate.ended.borrow().first().map_or(0.0, |at| at + per_ms);
            }
            let blocked_until = gate.blocked_until.get();
            let resets_at = if resets_at.is_finite() { resets_at.max(blocked_until) } else { blocked_until };
            tell(LimitState {
                group: &match gate.group {
                    None => String::new(),
                    Some((method, "")) => fill("{} *", &[method.as_str()]),
                    Some((method, path)) => fill("{} {}", &[method.as_str(), path]),
                },
                limit,
                remaining: if blocked_until > now { limit.map(|_| 0) } else { remaining },
                reset_ms: (resets_at - now).max(0.0),
                queued: gate.queue.borrow().len(),
                in_flight: gate.in_flight.get(),
            });
        }
    }
}

/// Whole milliseconds that are not too few.
pub(super) fn ceil_ms(ms: f64) -> u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
    let whole = ms as u32;
    // Browsers take a longer time for none at all.
    whole.saturating_add(1).min(i32::MAX as u32)
}

/// A place in the queue, given up when it is dropped.
struct Place {
    gate: Rc<Gate>,
    waiter: Rc<Waiter>,
}

impl Place {
    fn take(gate: &Rc<Gate>, ticket: u32, background: bool) -> Self {
        // It looks once before it waits.
        let (waker, is_woken, is_told) = (Cell::default(), Cell::new(true), Cell::default());
        let waiter = Rc::new(Waiter { ticket, background, waker, is_woken, is_told });
        let mut queue = gate.queue.borrow_mut();
        // Takes its place, and those that go behind it move on.
        let (mut carried, mut is_found) = (Rc::clone(&waiter), false);
        for other in queue.iter_mut() {
            is_found |= (other.background, other.ticket) > (background, ticket);
            if is_found {
                std::mem::swap(other, &mut carried);
            }
        }
        queue.push(carried);
        Self { gate: Rc::clone(gate), waiter }
    }

    /// Whether the one before has gone, or something was answered. If not, it is told when that happens.
    fn is_woken(&self, context: &Context<'_>) -> bool {
        let is_woken = self.waiter.is_woken.take();
        if !is_woken {
            self.waiter.waker.set(Some(context.waker().clone()));
        }
        is_woken
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queue = self.gate.queue.borrow_mut();
        if let Some(at) = queue.iter().position(|waiter| Rc::ptr_eq(waiter, &self.waiter)) {
            queue.remove(at);
        }
        drop(queue);
        self.gate.wake_first();
    }
}

/// A request that was let through. It is in flight until this is dropped.
pub struct Permit {
    gate: Rc<Gate>,
    clock: Rc<dyn Clock>,
    sent_at: f64,
}

impl Permit {
    fn new(gate: &Rc<Gate>, clock: &Rc<dyn Clock>) -> Self {
        gate.in_flight.set(gate.in_flight.get() + 1);
        gate.told.borrow_mut().iter_mut().for_each(|told| told.sent += 1);
        Self { gate: Rc::clone(gate), clock: Rc::clone(clock), sent_at: clock.now_ms() }
    }

    /// Takes in what an answer says: its limit, and for how many milliseconds the vendor wants no request.
    pub fn answered(&self, window: Option<Window>, wait_ms: Option<f64>) {
        let now = self.clock.now_ms();
        self.gate.is_answered.set(true);
        self.gate.refresh(now);
        self.gate.learn(window, self.sent_at, now);
        if let Some(ms) = wait_ms {
            self.gate.blocked_until.set(self.gate.blocked_until.get().max(now + ms));
        }
        self.gate.wake_untold(now);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let gate = &self.gate;
        gate.in_flight.set(gate.in_flight.get() - 1);
        if gate.allowance.is_some() {
            // Whether or not it was answered: the vendor may have counted it, and not later than now.
            gate.ended.borrow_mut().push(self.clock.now_ms());
        }
        gate.wake_first();
    }
}
