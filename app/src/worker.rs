//! The engine in a Web Worker: messages in, session, messages out.
//!
//! The worker holds an exclusive Web Lock named `scimf-engine-<worker name>` for as long as it lives; a page that is granted the same
//! lock knows that the worker is gone, however it went.

// wasm-ld runs all static constructors again at every call into the module unless something refers to them.
#![allow(unsafe_code)]

mod adapter;
mod helpers;
mod slices;
mod wire;

use js_sys::{Function, Promise, Reflect};
use scimf::protocol::{Event, Message, Request, VERSION};
use scimf::session::Session;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

unsafe extern "C" {
    fn __wasm_call_ctors();
}

fn main() {
    // Referring to the constructors keeps wasm-ld from wrapping every export in another run of them: a factor of 50 in host time.
    unsafe { __wasm_call_ctors() };
    console_error_panic_hook::set_once();
    // Kernel compilation errors of the GPU backend are only ever logged.
    let _ = console_log::init_with_level(log::Level::Error);
    spawn_local(run());
}

/// Requests that arrived and were not answered yet, and how to wake the loop that answers them.
#[derive(Default)]
struct Inbox {
    requests: RefCell<VecDeque<Request>>,
    wake: RefCell<Option<Function>>,
}

impl Inbox {
    fn put(&self, request: Request) {
        self.requests.borrow_mut().push_back(request);
        if let Some(wake) = self.wake.borrow_mut().take() {
            let _ = wake.call0(&JsValue::NULL);
        }
    }

    fn take(&self) -> Option<Request> {
        self.requests.borrow_mut().pop_front()
    }

    /// Resolves when the next request arrives.
    async fn arrival(&self) {
        let promise = Promise::new(&mut |resolve, _| *self.wake.borrow_mut() = Some(resolve));
        let _ = JsFuture::from(promise).await;
    }
}

async fn run() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    if helpers::is_helper(&scope.name()) {
        return helpers::serve(scope).await;
    }
    hold_lock(&scope).await;
    let inbox = Rc::new(Inbox::default());
    let receive = Closure::<dyn Fn(MessageEvent)>::new({
        let inbox = Rc::clone(&inbox);
        move |event: MessageEvent| match slices::unpack(event.data()) {
            Ok(request) => inbox.put(request),
            Err(error) => log::error!("a message that is not a request: {error}"),
        }
    });
    scope.set_onmessage(Some(receive.as_ref().unchecked_ref()));
    receive.forget();

    let mut emit = |message: Message| {
        if let Err(error) = post(&scope, &message) {
            log::error!("a message could not be sent: {error:?}");
        }
    };
    emit(Message { request: None, event: Event::Hello { version: VERSION } });

    let Ok(channel) = MessageChannel::new() else { return log::error!("no message channel") };
    let session = Session::new(adapter::find(&scope).await).with_helpers(Rc::new(helpers::Crew::default()));
    let mut session = session.beginning_on_the_cpu();
    loop {
        if let Some(request) = inbox.take() {
            session.handle(request, &mut emit).await;
        } else if session.is_busy() {
            session.tick(&mut emit).await;
            turn(&channel).await;
        } else if session.is_cold() {
            // While the GPU compiles, a request need not wait.
            either(session.warm(), inbox.arrival()).await;
            turn(&channel).await;
        } else {
            inbox.arrival().await;
        }
    }
}

/// Resolves with the first of both; the other is dropped.
async fn either(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => other.as_mut().poll(context),
    })
    .await;
}

/// Sends a message to whoever started this worker.
fn post(scope: &DedicatedWorkerGlobalScope, message: &impl Serialize) -> Result<(), JsValue> {
    let parcel = wire::pack(message)?;
    scope.post_message_with_transfer(&parcel.value, &parcel.transfer)
}

/// Gives the event loop a turn, so that messages arrive between two pieces of work. A message to oneself comes back at once, where a
/// timer would wait for milliseconds.
async fn turn(channel: &MessageChannel) {
    let promise = Promise::new(&mut |resolve, _| {
        channel.port1().set_onmessage(Some(&resolve));
        let _ = channel.port2().post_message(&JsValue::NULL);
    });
    let _ = JsFuture::from(promise).await;
}

/// The lock that the worker of this name holds.
fn lock_of(name: &str) -> String {
    format!("scimf-engine-{name}")
}

/// Takes the lock whose release tells the page that this worker is gone, and waits until it is held: the page asks for the same lock as soon as
/// it is greeted. Browsers without Web Locks go without.
async fn hold_lock(scope: &DedicatedWorkerGlobalScope) {
    let held = Promise::new(&mut |held, _| {
        let request = || -> Result<(), JsValue> {
            let locks = Reflect::get(&scope.navigator(), &"locks".into())?;
            let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
            let held = held.clone();
            let forever = Closure::<dyn Fn() -> Promise>::new(move || {
                let _ = held.call0(&JsValue::NULL);
                Promise::new(&mut |_, _| {})
            });
            request.call2(&locks, &lock_of(&scope.name()).into(), forever.as_ref())?;
            forever.forget();
            Ok(())
        };
        if request().is_err() {
            let _ = held.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(held).await;
}
