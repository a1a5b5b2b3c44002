use std::cell::{Cell, RefCell};
use std::rc::Rc;

use orgdeck::client::{
    Auth, Bearer, CallOptions, Client, Clock, LimitState, Limiter, LocalFuture, Lost, Observer, Outgoing,
    Run, State, Transport, Vendor,
};
use orgdeck::http::{BaseUrl, Cause, Error, Headers, Response};

use super::bench::Log;
use super::world::{Random, World};

/// What becomes of a request.
pub enum Fate {
    /// It arrives, is carried out, and answered.
    Served,
    /// The same, and the answer takes so many milliseconds.
    Slow(f64),
    /// The same, and somebody on the way makes another answer of it.
    Turned(Box<dyn FnOnce(Response) -> Response>),
    /// It arrives, and is answered so without being carried out.
    Refused(Response),
    /// It cannot be sent.
    NeverSent,
    /// The connection is lost before it arrives.
    LostOnTheWay,
    /// It is carried out, and the connection is lost before the answer.
    LostBehind,
    /// It is carried out, and the connection is lost within the answer.
    LostWithin,
    /// It is carried out, and nobody answers.
    Silence,
}

/// A request, as the network saw it.
pub struct Seen {
    /// When it was sent, in milliseconds of its world.
    pub at: f64,
    pub request: Outgoing,
    /// Whether its answer was taken in.
    pub is_answered: Rc<Cell<bool>>,
}

/// Decides what becomes of a request, of which there were so many before.
type Decide = dyn Fn(&Outgoing, usize) -> Fate;

/// A network with a server at its end.
pub struct Network {
    world: World,
    random: Random,
    /// Milliseconds there and back, at least and at most.
    pub latency: Cell<(f64, f64)>,
    fate: Box<Decide>,
    server: Rc<dyn Fn(&Outgoing) -> Response>,
    pub seen: RefCell<Vec<Seen>>,
    in_flight: Rc<Cell<usize>>,
    /// Requests in flight at once, at most.
    pub most: Cell<usize>,
}

impl Network {
    pub fn count(&self) -> usize {
        self.seen.borrow().len()
    }

    /// When each request was sent.
    pub fn times(&self) -> Vec<f64> {
        self.seen.borrow().iter().map(|seen| seen.at).collect()
    }
}

type Answered = Result<Response, Lost>;

fn lost(message: &str, status: Option<u16>, never_sent: bool) -> Answered {
    let cause = Some(Cause(Rc::new(message.to_owned())));
    Err(Lost { message: message.to_owned(), status, never_sent, cause })
}

impl Transport for Network {
    fn send(&self, request: Outgoing) -> LocalFuture<'_, Answered> {
        let fate = (self.fate)(&request, self.count());
        let is_answered = Rc::new(Cell::new(false));
        let (at, seen) = (self.world.passed(), request.clone());
        self.seen.borrow_mut().push(Seen { at, request: seen, is_answered: Rc::clone(&is_answered) });
        self.in_flight.set(self.in_flight.get() + 1);
        self.most.set(self.most.get().max(self.in_flight.get()));
        let in_flight = InFlight(Rc::clone(&self.in_flight));
        let (least, most) = self.latency.get();
        let (there, back) = (self.random.between(least, most) / 2.0, self.random.between(least, most) / 2.0);
        let (world, server) = (self.world.clone(), Rc::clone(&self.server));
        // What is on its way arrives, whether or not somebody still waits for the answer.
        let trip = self.world.spawn(async move {
            if matches!(fate, Fate::NeverSent) {
                return lost("nobody could be reached", None, true);
            }
            world.sleep(there).await;
            let answered = match fate {
                Fate::LostOnTheWay => lost("the connection was reset", None, false),
                Fate::Refused(response) => Ok(response),
                Fate::Served | Fate::NeverSent => Ok(server(&request)),
                Fate::Turned(turn) => Ok(turn(server(&request))),
                Fate::Slow(ms) => {
                    let response = server(&request);
                    world.sleep(ms).await;
                    Ok(response)
                }
                Fate::LostBehind => {
                    server(&request);
                    lost("the connection was reset", None, false)
                }
                Fate::LostWithin => {
                    lost("the answer ends in the middle", Some(server(&request).status), false)
                }
                Fate::Silence => {
                    server(&request);
                    std::future::pending().await
                }
            };
            world.sleep(back).await;
            answered
        });
        Box::pin(async move {
            let _in_flight = in_flight;
            let answered = trip.await;
            is_answered.set(true);
            answered
        })
    }
}

struct InFlight(Rc<Cell<usize>>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// A client in a world of its own.
pub struct Sim {
    pub world: World,
    pub client: Rc<Client>,
    pub network: Rc<Network>,
    pub log: Rc<Log>,
}

impl Sim {
    /// A client whose token is `SECRET`, over a network where every way takes 10 ms.
    pub fn new(
        vendor: &'static Vendor,
        server: impl Fn(&Outgoing) -> Response + 'static,
        fate: impl Fn(&Outgoing, usize) -> Fate + 'static,
    ) -> Self {
        Self::with(World::default(), vendor, 1, server, fate, |_| {})
    }

    /// The same in a world that is there, with another seed, and a client that is changed before it is used.
    pub fn with(
        world: World,
        vendor: &'static Vendor,
        seed: u64,
        server: impl Fn(&Outgoing) -> Response + 'static,
        fate: impl Fn(&Outgoing, usize) -> Fate + 'static,
        change: impl FnOnce(&mut Client),
    ) -> Self {
        let (random, log) = (Random::new(seed), Rc::new(Log::default()));
        let network = Rc::new(Network {
            world: world.clone(),
            random: random.clone(),
            latency: Cell::new((20.0, 20.0)),
            fate: Box::new(fate),
            server: Rc::new(server),
            seen: RefCell::default(),
            in_flight: Rc::default(),
            most: Cell::default(),
        });
        let mut client = Client {
            vendor,
            base: BaseUrl::parse(vendor.base_url).unwrap(),
            transport: Rc::clone(&network) as Rc<dyn Transport>,
            auth: Rc::new(Bearer::new("SECRET").unwrap()),
            clock: Rc::new(world.clone()),
            random: Rc::new(move || random.unit()),
            observer: Some(Rc::clone(&log) as Rc<dyn Observer>),
            headers: Headers::new(),
            timeout_ms: 30_000,
            max_retries: 3,
            max_wait_ms: 60_000,
            limiter: Limiter::new(vendor.limits.allowance),
            state: State::default(),
        };
        change(&mut client);
        Self { world, client: Rc::new(client), network, log }
    }

    pub fn begin(&self) -> Rc<Run> {
        self.client.begin(CallOptions::default())
    }

    /// What is known of the vendor's limits.
    pub fn limits(&self) -> Vec<Known> {
        limits(&self.client)
    }
}

/// What a client knows of a limit.
#[derive(Debug)]
pub struct Known {
    pub limit: Option<u32>,
    pub remaining: Option<u32>,
    pub reset_ms: f64,
    pub queued: usize,
    pub in_flight: u32,
}

/// What a client knows of its vendor's limits.
pub fn limits(client: &Client) -> Vec<Known> {
    let mut all = Vec::new();
    client.limiter.states(client.clock.now_ms(), &mut |state| {
        let LimitState { limit, remaining, reset_ms, queued, in_flight, .. } = state;
        all.push(Known { limit, remaining, reset_ms, queued, in_flight });
    });
    all
}

/// Tokens that expire: a fresh one is asked for where they come from, which takes a while.
pub struct Tokens {
    world: World,
    /// The token that is given when no fresh one is asked for.
    pub current: RefCell<String>,
    /// Milliseconds until it is given.
    pub takes: f64,
    /// Times that it was asked for, and that a fresh one was.
    pub asked: Cell<u32>,
    pub fresh: Cell<u32>,
    /// What comes of a fresh one.
    pub next: Box<dyn Fn(u32) -> Result<String, Error>>,
}

impl Tokens {
    /// `TOKEN0`, and when a fresh one is asked for `TOKEN1`, and so on.
    pub fn new(world: &World, takes: f64) -> Self {
        Self {
            world: world.clone(),
            current: RefCell::new("TOKEN0".to_owned()),
            takes,
            asked: Cell::default(),
            fresh: Cell::default(),
            next: Box::new(|number| Ok(format!("TOKEN{number}"))),
        }
    }
}

impl Auth for Tokens {
    fn renews(&self) -> bool {
        true
    }

    fn authorization(&self, fresh: bool) -> LocalFuture<'_, Result<String, Error>> {
        self.asked.set(self.asked.get() + 1);
        Box::pin(async move {
            if fresh {
                self.fresh.set(self.fresh.get() + 1);
                self.world.sleep(self.takes).await;
                let token = (self.next)(self.fresh.get())?;
                self.current.replace(token);
            }
            Ok(format!("Bearer {}", self.current.borrow()))
        })
    }
}
