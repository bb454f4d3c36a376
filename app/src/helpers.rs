//! Helpers of the engine: workers of the same program, started by the engine itself, that compute parts of a training's updates.
//!
//! A helper is started from the engine's own address: the same files with the same checksums under the same policy. It ends with the engine. No memory
//! is shared, so that any static host will do.

use crate::{hold_lock, lock_of, wire};
use js_sys::{Function, Object, Promise, Reflect};
use scimf::models::Helper;
use scimf::protocol::{Computed, Part};
use scimf::train::Helpers;
use scimf::{Error, Result};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions, WorkerType};

/// Names of helpers begin with it; no other worker's does.
const PREFIX: &str = "parts-";
/// Workers at most, the engine among them.
const MOST: usize = 8;

/// The worker of this name is a helper.
pub fn is_helper(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Computes the parts that the engine sends, as long as this worker lives.
pub async fn serve(scope: DedicatedWorkerGlobalScope) {
    hold_lock(&scope).await;
    let helper = RefCell::new(Helper::default());
    let answering = scope.clone();
    let receive = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let computed = match wire::unpack::<Part>(event.data()) {
            Ok(part) => helper.borrow_mut().compute(part),
            Err(error) => Computed::Refused(format!("a message that is not a part: {error}")),
        };
        say(&answering, &computed);
    });
    scope.set_onmessage(Some(receive.as_ref().unchecked_ref()));
    receive.forget();
    say(&scope, &Computed::Ready);
}

fn say(scope: &DedicatedWorkerGlobalScope, computed: &Computed) {
    if let Err(error) = crate::post(scope, computed) {
        // the engine sees it by the lock
        log::error!("a part could not be sent: {error:?}");
        scope.close();
    }
}

/// The helpers of this engine.
#[derive(Clone, Default)]
pub struct Crew(Rc<RefCell<Members>>);

#[derive(Default)]
struct Members {
    all: Vec<Member>,
    /// Positions of those that are ready, in the order in which they became so.
    ready: Vec<usize>,
    called: bool,
    lost: bool,
    /// Counts crews; signs of earlier ones mean nothing.
    generation: u32,
    /// Wakes whoever waits for an answer.
    wake: Option<Function>,
    /// Workers may be started from the engine's address.
    permitted: bool,
}

/// A helper, ended when dropped.
struct Member {
    worker: Worker,
    answers: VecDeque<Computed>,
    _closures: [Closure<dyn FnMut(JsValue)>; 2],
}

impl Drop for Member {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.terminate();
    }
}

/// The address that this worker was started from.
fn own_address() -> std::result::Result<String, JsValue> {
    let location = Reflect::get(&js_sys::global(), &"location".into())?;
    Ok(Reflect::get(&location, &"href".into())?.as_string().ok_or("the engine has no address")?)
}

/// Makes the one policy of Trusted Types that the page's security policy allows, which it demands of workers too: programs start from this worker's own
/// address and from no other. Browsers without Trusted Types do without.
fn permit() {
    let make = || -> std::result::Result<(), JsValue> {
        let own = own_address()?;
        let factory = Reflect::get(&js_sys::global(), &"trustedTypes".into())?;
        let create: Function = Reflect::get(&factory, &"createPolicy".into())?.dyn_into()?;
        let address =
            Closure::<dyn Fn(String) -> Option<String>>::new(move |text: String| (text == own).then_some(text));
        let rules = Object::new();
        Reflect::set(&rules, &"createScriptURL".into(), address.as_ref())?;
        create.call2(&factory, &"default".into(), &rules)?;
        // It lives as long as this worker.
        address.forget();
        Ok(())
    };
    make().ok();
}

impl Crew {
    fn start(&self, generation: u32) -> std::result::Result<(), JsValue> {
        let own = own_address()?;
        let name = format!("{PREFIX}{}", (js_sys::Math::random() * 1e15) as u64);
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&name);
        let worker = Worker::new_with_options(&own, &options)?;
        let position = self.0.borrow().all.len();
        let (hearing, losing) = (self.clone(), self.clone());
        let lock = lock_of(&name);
        let closures = [
            Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
                let data = event.unchecked_into::<MessageEvent>().data();
                hearing.hear(generation, position, &lock, wire::unpack(data).ok());
            }),
            Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
                // Nobody else needs to know: the engine goes on alone.
                event.unchecked_into::<web_sys::Event>().prevent_default();
                losing.lose(generation);
            }),
        ];
        worker.set_onmessage(Some(closures[0].as_ref().unchecked_ref()));
        for event in ["error", "messageerror"] {
            worker.add_event_listener_with_callback(event, closures[1].as_ref().unchecked_ref())?;
        }
        self.0.borrow_mut().all.push(Member { worker, answers: VecDeque::new(), _closures: closures });
        Ok(())
    }

    fn hear(&self, generation: u32, position: usize, lock: &str, computed: Option<Computed>) {
        let Some(computed) = computed else { return self.lose(generation) };
        let mut members = self.0.borrow_mut();
        if members.generation != generation || members.lost {
            return;
        }
        if members.ready.contains(&position) {
            members.all[position].answers.push_back(computed);
            members.wake();
        } else {
            members.ready.push(position);
            self.watch(generation, lock);
        }
    }

    /// Notices the end of a helper, however it ends: it holds this lock. Browsers without locks tell of errors alone.
    fn watch(&self, generation: u32, lock: &str) {
        let request = || {
            let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
            let locks = Reflect::get(&navigator, &"locks".into())?;
            let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
            let crew = self.clone();
            let ended = Closure::once_into_js(move || spawn_local(async move { crew.lose(generation) }));
            request.call2(&locks, &lock.into(), &ended)
        };
        // without it nothing else is lost
        request().ok();
    }

    /// One of them is gone: what it has of an update is lost, so all are let go.
    fn lose(&self, generation: u32) {
        let mut members = self.0.borrow_mut();
        if members.generation == generation {
            members.lost = true;
            members.empty();
            members.wake();
        }
    }
}

impl Members {
    fn wake(&mut self) {
        if let Some(wake) = self.wake.take() {
            wake.call0(&JsValue::NULL).ok();
        }
    }

    /// Ends all of them; they may be calling, so that their closures end later.
    fn empty(&mut self) {
        self.generation += 1;
        self.ready.clear();
        let gone = std::mem::take(&mut self.all);
        gone.iter().for_each(|member| member.worker.terminate());
        spawn_local(async move { drop(gone) });
    }

    /// The next answer of a helper, if it is there; nothing to wait for if it is lost.
    fn next(&mut self, helper: usize) -> Option<Result<Computed>> {
        let member = self.ready.get(helper).copied().and_then(|position| self.all.get_mut(position));
        match member {
            Some(member) => member.answers.pop_front().map(Ok),
            None => Some(Err(gone())),
        }
    }
}

fn gone() -> Error {
    Error::internal("A worker that helped with the training is gone")
}

impl Helpers for Crew {
    fn count(&self) -> usize {
        self.0.borrow().ready.len()
    }

    fn is_lost(&self) -> bool {
        self.0.borrow().lost
    }

    fn call(&self, most: usize) {
        let mut members = self.0.borrow_mut();
        if std::mem::replace(&mut members.called, true) {
            return;
        }
        let generation = members.generation;
        if !std::mem::replace(&mut members.permitted, true) {
            permit();
        }
        drop(members);
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        // One core is left for the page, unless there are only two.
        let workers = match scope.navigator().hardware_concurrency() as usize {
            few @ 0..=2 => few,
            cores => (cores - 1).min(MOST),
        };
        for _ in 0..workers.saturating_sub(1).min(most) {
            // A browser whose workers cannot have workers computes alone.
            if self.start(generation).is_err() {
                return;
            }
        }
    }

    fn dismiss(&self) {
        let mut members = self.0.borrow_mut();
        (members.called, members.lost) = (false, false);
        members.empty();
        members.wake();
    }

    fn give(&self, helper: usize, part: Part) -> Result<()> {
        let parcel = wire::pack(&part).map_err(|error| Error::internal(format!("A part cannot be sent: {error}")))?;
        let members = self.0.borrow();
        let worker = members.ready.get(helper).and_then(|position| members.all.get(*position));
        let worker = &worker.ok_or_else(gone)?.worker;
        let sent = worker.post_message_with_transfer(&parcel.value, &parcel.transfer);
        drop(members);
        if sent.is_err() {
            let generation = self.0.borrow().generation;
            self.lose(generation);
            return Err(gone());
        }
        Ok(())
    }

    fn take(&self, helper: usize) -> Pin<Box<dyn Future<Output = Result<Computed>> + '_>> {
        Box::pin(async move {
            loop {
                if let Some(next) = self.0.borrow_mut().next(helper) {
                    return next;
                }
                let arrival = Promise::new(&mut |resolve, _| self.0.borrow_mut().wake = Some(resolve));
                JsFuture::from(arrival).await.ok();
            }
        })
    }
}
