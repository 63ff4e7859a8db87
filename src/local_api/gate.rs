//! Decides who may call: by the host and the origin that the call names, and by its token.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::problem::{Problem, ProblemReason};
use super::shared::Shared;
use super::tills::Right;

/// The time for which a browser may remember a permission.
const PREFLIGHT_AGE: std::time::Duration = std::time::Duration::from_secs(600);

/// A client that was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    /// This program's own command, which read the display's file.
    Own,
    /// A till, by its name.
    Till {
        name: String,
        may: std::collections::BTreeSet<Right>,
    },
}

impl Caller {
    /// Checks that the client may do this.
    pub(super) fn may(&self, right: Right) -> Result<(), Problem> {
        match self {
            Self::Own => Ok(()),
            Self::Till { may, .. } if may.contains(&right) => Ok(()),
            Self::Till { name, .. } => Err(Problem::new(
                ProblemReason::Forbidden,
                format!(
                    "the till {name} may not {word}; remove it with patron-display till remove, and add it again with \
                     --may {word}",
                    word = right.word()
                ),
            )),
        }
    }

    /// The name of the till, for the log.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Own => "this program",
            Self::Till { name, .. } => name,
        }
    }
}

/// Lets browsers call from the pages of known tills. A page of another origin gets no permission.
pub(super) fn cors(shared: &Arc<Shared>) -> CorsLayer {
    let shared = shared.clone();
    let is_known = move |origin: HeaderValue, _: &axum::http::request::Parts| {
        let shared = shared.clone();

        async move {
            let Ok(origin) = origin.to_str().map(ToOwned::to_owned) else {
                return false;
            };
            let tills = shared.blocking(|desk| desk.tills()).await;

            matches!(tills, Ok(Ok(tills)) if tills.is_origin_known(&origin))
        }
    };

    CorsLayer::new()
        .allow_origin(AllowOrigin::async_predicate(is_known))
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            axum::http::HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([header::LOCATION])
        .allow_private_network(true)
        .max_age(PREFLIGHT_AGE)
}

/// Refuses calls to other hosts. A page of a foreign site can make its name point to this machine (DNS rebinding); its calls
/// still name that host.
pub(super) async fn host(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    if is_own_host(request.headers(), request.uri(), shared.address) {
        return next.run(request).await;
    }

    tracing::warn!(host = ?request.headers().get(header::HOST), "a call to another host was refused");
    Problem::new(
        ProblemReason::WrongHost,
        format!("call http://{}, not another name", shared.address),
    )
    .into_response()
}

/// Lets in who has a token.
pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    match let_in(&shared, request.headers()).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);

            next.run(request).await
        }
        Err(problem) => {
            tracing::warn!(
                reason = ?problem.reason,
                path = request.uri().path(),
                "a call was refused"
            );

            problem.into_response()
        }
    }
}

fn is_own_host(headers: &HeaderMap, uri: &Uri, address: SocketAddr) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Ok(host) = host
        .to_str()
        .unwrap_or_default()
        .parse::<axum::http::uri::Authority>()
    else {
        return false;
    };
    // An absolute address in the request line must name the same host.
    if uri.authority().is_some_and(|authority| *authority != host) {
        return false;
    }
    let name = host.host().trim_start_matches('[').trim_end_matches(']');
    let is_loopback = name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());

    is_loopback && host.port_u16().unwrap_or(80) == address.port()
}

async fn let_in(shared: &Arc<Shared>, headers: &HeaderMap) -> Result<Caller, Problem> {
    let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str());
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned())
        .ok_or_else(|| {
            Problem::new(
                ProblemReason::Unauthorized,
                "the call has no token; write Authorization: Bearer and the token that patron-display till add printed",
            )
        })?;
    let wrong_origin = || {
        Problem::new(
            ProblemReason::WrongOrigin,
            "this token is not for pages of this origin; add the till again with --origin",
        )
    };
    if bool::from(token.as_bytes().ct_eq(shared.token.as_bytes())) {
        // A page in a browser can never know this token.
        return origin
            .is_none()
            .then_some(Caller::Own)
            .ok_or_else(wrong_origin);
    }
    let tills = shared
        .blocking(|desk| desk.tills())
        .await?
        .map_err(|error| {
            Problem::new(ProblemReason::Configuration, error.to_string()).with_exit_code(78)
        })?;
    let till = tills.find(&token).ok_or_else(|| {
        Problem::new(
            ProblemReason::Unauthorized,
            "this token is unknown, or its till was removed; add the till with patron-display till add",
        )
    })?;
    match origin {
        Some(Ok(origin)) if till.is_origin_listed(origin) => {}
        None => {}
        Some(_) => return Err(wrong_origin()),
    }

    Ok(Caller::Till {
        name: till.name.to_string(),
        may: till.may.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own(host: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        let address = SocketAddr::from(([127, 0, 0, 1], 8790));

        is_own_host(&headers, &Uri::from_static("/v1/status"), address)
    }

    #[test]
    fn loopback_hosts_are_own() {
        for host in [
            "127.0.0.1:8790",
            "localhost:8790",
            "LOCALHOST:8790",
            "[::1]:8790",
        ] {
            assert!(is_own(host), "{host}");
        }
    }

    #[test]
    fn other_hosts_are_refused() {
        for host in [
            "evil.example:8790",
            "127.0.0.1",
            "127.0.0.1:8791",
            "localhost.evil.example:8790",
            "192.0.2.7:8790",
            "",
        ] {
            assert!(!is_own(host), "{host}");
        }
    }
}
