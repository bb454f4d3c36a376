//! Messages to the engine and from it.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf::protocol::{Message, Request};
use scimf_fuzz::{explained, meter::Bound};

fuzz_target!(|bytes: &[u8]| {
    Bound { each: 256, besides: 1 << 20 }.hold(bytes.len(), || {
        if let Ok(request) = serde_json::from_slice::<Request>(bytes) {
            if let Err(error) = request.command.check() {
                explained(&error);
            }
            let text = serde_json::to_string(&request).expect("what was read can be written");
            // Numbers beyond single precision become infinite, which JSON cannot say.
            if !text.contains("null") {
                serde_json::from_str::<Request>(&text).expect("what was written can be read");
            }
        }
        if let Ok(message) = serde_json::from_slice::<Message>(bytes) {
            serde_json::to_string(&message).expect("what was read can be written");
        }
    });
});
