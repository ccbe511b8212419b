//! 4pay.online, as its document says.

use super::{
    Capabilities, LinkJob, Method, Next, PaymentBackend, Refusal, Reported, Request, Response,
};

/// The codec of kind `4pay`.
#[derive(Clone, Copy, Debug)]
pub struct FourPay;

impl PaymentBackend for FourPay {
    fn kind(&self) -> &'static str {
        "4pay"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            expiry: true,
            withdraw: true,
            update: true,
            notification: true,
            open_amount: true,
            permanent: true,
        }
    }

    fn pay_hosts(&self) -> &'static [&'static str] {
        &["4pay.online"]
    }

    fn probe(&self) -> Request {
        Request {
            method: Method::Get,
            path: "/api/v1/health".to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    fn recognizes(&self, _response: &Response) -> bool {
        false
    }

    fn read_notification(&self, _body: &str) -> Result<Reported, Refusal> {
        Err(Refusal {
            reason: "not written yet".to_owned(),
            status: None,
            request_id: None,
            retry_after_secs: None,
        })
    }

    fn next(&self, _job: LinkJob<'_>) -> Next {
        Next::Refused(Refusal {
            reason: "not written yet".to_owned(),
            status: None,
            request_id: None,
            retry_after_secs: None,
        })
    }
}
