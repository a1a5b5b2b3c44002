//! A world with a time of its own, for tests of what happens at once. Whoever can run is run until nobody can; then the
//! time jumps to whatever is due next. A day takes no longer than what is done in it, and two runs are the same.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use orgdeck::client::{Clock, LocalFuture};

/// When a world begins, in milliseconds since the Unix epoch: dates in headers want one.
pub const START: f64 = 1_800_000_000_000.0;

/// The world. A clone is the same one.
#[derive(Clone, Default)]
pub struct World(Rc<Inner>);

#[derive(Default)]
struct Inner {
    passed: Cell<f64>,
    count: Cell<u64>,
    polls: Cell<u64>,
    /// What is due, by the bits of its time, which order as times do, and in the order in which it was planned.
    due: RefCell<BTreeMap<(u64, u64), Due>>,
    tasks: RefCell<HashMap<u64, Option<LocalFuture<'static, ()>>>>,
    woken: Arc<Mutex<VecDeque<u64>>>,
}

enum Due {
    Wake(Waker),
    Do(Box<dyn FnOnce()>),
}

struct Alarm {
    task: u64,
    woken: Arc<Mutex<VecDeque<u64>>>,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        let mut woken = self.woken.lock().unwrap();
        if !woken.contains(&self.task) {
            woken.push_back(self.task);
        }
    }
}

/// The task that `World::run` is given.
const MAIN: u64 = 0;

impl World {
    /// Milliseconds since the world began.
    pub fn passed(&self) -> f64 {
        self.0.passed.get()
    }

    fn number(&self) -> u64 {
        self.0.count.set(self.0.count.get() + 1);
        self.0.count.get()
    }

    fn plan(&self, at: f64, due: Due) -> (u64, u64) {
        let key = (at.max(self.passed()).to_bits(), self.number());
        self.0.due.borrow_mut().insert(key, due);
        key
    }

    /// Does something in so many milliseconds.
    pub fn after(&self, ms: f64, what: impl FnOnce() + 'static) {
        self.plan(self.passed() + ms, Due::Do(Box::new(what)));
    }

    /// Ends after so many milliseconds, which may be parts of one.
    pub fn sleep(&self, ms: f64) -> Sleep {
        Sleep { world: self.clone(), until: self.passed() + ms, planned: None }
    }

    /// Begins something that goes on beside everything else.
    pub fn spawn<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Task<T> {
        let (number, result) =
            (self.number(), Rc::new(RefCell::new(Outcome::Awaited(Waker::noop().clone()))));
        let kept = Rc::clone(&result);
        let work = Box::pin(async move {
            let value = future.await;
            if let Outcome::Awaited(waker) = kept.replace(Outcome::Is(value)) {
                waker.wake();
            }
        });
        self.0.tasks.borrow_mut().insert(number, Some(work));
        self.waker(number).wake();
        Task { world: self.clone(), number, result }
    }

    /// Runs the world until something is done.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        self.waker(MAIN).wake();
        self.go_on(|context| future.as_mut().poll(context))
            .expect("it waits for something that never happens")
    }

    /// Runs the world until nothing more happens in it.
    pub fn settle(&self) {
        self.go_on(|_| Poll::<()>::Pending);
    }

    /// Runs the world for so many milliseconds.
    pub fn pass(&self, ms: f64) {
        self.run(self.sleep(ms));
    }

    /// How often anything was looked at.
    pub fn polls(&self) -> u64 {
        self.0.polls.get()
    }

    fn waker(&self, task: u64) -> Waker {
        Arc::new(Alarm { task, woken: Arc::clone(&self.0.woken) }).into()
    }

    fn go_on<T>(&self, mut main: impl FnMut(&mut Context<'_>) -> Poll<T>) -> Option<T> {
        loop {
            let next = self.0.woken.lock().unwrap().pop_front();
            match next {
                Some(MAIN) => {
                    if let Poll::Ready(value) = main(&mut Context::from_waker(&self.waker(MAIN))) {
                        return Some(value);
                    }
                }
                Some(task) => self.poll(task),
                None => {
                    let due = self.0.due.borrow_mut().pop_first();
                    let ((at, _), due) = due?;
                    self.0.passed.set(f64::from_bits(at));
                    match due {
                        Due::Wake(waker) => waker.wake(),
                        Due::Do(what) => what(),
                    }
                }
            }
        }
    }

    fn poll(&self, task: u64) {
        // It may have been given up since it was woken.
        let taken = self.0.tasks.borrow_mut().get_mut(&task).and_then(Option::take);
        let Some(mut future) = taken else { return };
        self.0.polls.set(self.0.polls.get() + 1);
        let is_done = future.as_mut().poll(&mut Context::from_waker(&self.waker(task))).is_ready();
        let mut tasks = self.0.tasks.borrow_mut();
        if is_done {
            tasks.remove(&task);
        } else if let Some(place) = tasks.get_mut(&task) {
            *place = Some(future);
        }
    }
}

impl Clock for World {
    fn now_ms(&self) -> f64 {
        START + self.passed()
    }

    fn sleep(&self, ms: u32) -> LocalFuture<'_, ()> {
        Box::pin(World::sleep(self, ms.into()))
    }
}

pub struct Sleep {
    world: World,
    until: f64,
    planned: Option<(u64, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.forget();
        if self.world.passed() >= self.until {
            return Poll::Ready(());
        }
        self.planned = Some(self.world.plan(self.until, Due::Wake(context.waker().clone())));
        Poll::Pending
    }
}

impl Sleep {
    fn forget(&mut self) {
        if let Some(planned) = self.planned.take() {
            self.world.0.due.borrow_mut().remove(&planned);
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.forget();
    }
}

/// Something that goes on in a world, whether or not anybody waits for it.
pub struct Task<T> {
    world: World,
    number: u64,
    result: Rc<RefCell<Outcome<T>>>,
}

enum Outcome<T> {
    Awaited(Waker),
    Is(T),
    Taken,
}

impl<T> Task<T> {
    /// What came of it; `None` as long as it goes on.
    pub fn take(&self) -> Option<T> {
        match self.result.replace(Outcome::Taken) {
            Outcome::Is(value) => Some(value),
            other => {
                self.result.replace(other);
                None
            }
        }
    }

    /// Gives it up, as a page does that aborts a call.
    pub fn abort(&self) {
        let dropped = self.world.0.tasks.borrow_mut().remove(&self.number);
        drop(dropped);
    }
}

impl<T> Future for Task<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        if let Some(value) = self.take() {
            return Poll::Ready(value);
        }
        self.result.replace(Outcome::Awaited(context.waker().clone()));
        Poll::Pending
    }
}

/// Random numbers that are always the same ones (SplitMix64).
#[derive(Clone)]
pub struct Random(Rc<Cell<u64>>);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(Rc::new(Cell::new(seed)))
    }

    /// From 0 to 1, without 1.
    #[allow(clippy::cast_precision_loss, reason = "53 bits are what fits")]
    pub fn unit(&self) -> f64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut bits = self.0.get();
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&self, from: f64, to: f64) -> f64 {
        from + self.unit() * (to - from)
    }

    /// Whether something happens that does in this share of all cases.
    pub fn chance(&self, share: f64) -> bool {
        self.unit() < share
    }
}
