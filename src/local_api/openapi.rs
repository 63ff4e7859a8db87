//! The description of the local API as an OpenAPI 3.1 document. Its schemas come from the types that are read and written.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::problem::Problem;
use super::protocol::{
    DisplayStatus, Done, History, HistoryFilter, NewSale, RefundInput, SaleCommand, SaleStatus,
    SettleOrder, Settled,
};
use crate::sale::Announcement;

/// One call.
struct Operation {
    method: &'static str,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    /// The right that a till needs.
    right: Option<&'static str>,
    query: Option<fn(&mut SchemaGenerator) -> Schema>,
    body: Option<fn(&mut SchemaGenerator) -> Schema>,
    answers: &'static [Answer],
    /// The reasons of problems, by the status of the answer.
    problems: &'static [(u16, &'static str)],
}

/// An answer of a call that went well.
struct Answer {
    status: u16,
    meaning: &'static str,
    content: Content,
}

#[derive(Clone, Copy)]
enum Content {
    Empty,
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// The events of a sale.
    Events,
    /// This document.
    Document,
}

fn of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Schema {
    schemas.subschema_for::<T>()
}

const SALE: Content = Content::Json(of::<SaleStatus>);
const NO_SUCH_SALE: (u16, &str) = (404, "`no-such-sale`: the display has no such sale");

const OPERATIONS: &[Operation] = &[
    Operation {
        method: "post",
        path: "/v1/sales",
        id: "sell",
        summary: "Start a sale, or take up the sale with the same reference and terms",
        right: Some("sell"),
        query: None,
        body: Some(of::<NewSale>),
        answers: &[
            Answer {
                status: 201,
                meaning: "The sale has begun",
                content: SALE,
            },
            Answer {
                status: 200,
                meaning: "The same sale, which was known already",
                content: SALE,
            },
        ],
        problems: &[
            (
                409,
                "`busy`: another sale has the display; `ref` names it. `other-terms`: a sale with this reference has \
                 another amount or merchant",
            ),
            (413, "`too-large`: the body is longer than 2 MiB"),
            (
                503,
                "`configuration`, `unavailable` or `leaving`: nothing was started",
            ),
        ],
    },
    Operation {
        method: "get",
        path: "/v1/sales/{ref}",
        id: "sale",
        summary: "Tell how far a sale is, or how it ended, also after a restart of the display",
        right: Some("sell"),
        query: None,
        body: None,
        answers: &[Answer {
            status: 200,
            meaning: "The sale",
            content: SALE,
        }],
        problems: &[NO_SUCH_SALE],
    },
    Operation {
        method: "delete",
        path: "/v1/sales/{ref}",
        id: "end",
        summary: "End a sale early: the code goes at once, and the payment request is cancelled",
        right: Some("sell"),
        query: None,
        body: None,
        answers: &[Answer {
            status: 202,
            meaning: "The sale ends; its events tell how",
            content: Content::Empty,
        }],
        problems: &[NO_SUCH_SALE],
    },
    Operation {
        method: "get",
        path: "/v1/sales/{ref}/events",
        id: "events",
        summary: "Listen to a sale, up to its outcome. `Last-Event-ID` continues after that event",
        right: Some("sell"),
        query: None,
        body: None,
        answers: &[Answer {
            status: 200,
            meaning: "Server-Sent Events: `id`, `event` and `data` with an Announcement",
            content: Content::Events,
        }],
        problems: &[
            (
                404,
                "`no-such-sale`: the display has not had this sale since its start. GET the sale, or POST it again",
            ),
            (429, "`too-many`: this till reads too many streams"),
        ],
    },
    Operation {
        method: "post",
        path: "/v1/sales/{ref}/commands",
        id: "command",
        summary: "Send a command to a sale. One that does not fit the moment is dropped, as a key would be",
        right: Some("sell"),
        query: None,
        body: Some(of::<SaleCommand>),
        answers: &[Answer {
            status: 202,
            meaning: "The sale got the command",
            content: Content::Empty,
        }],
        problems: &[
            NO_SUCH_SALE,
            (409, "`not-now`: the sale is over"),
            (429, "`too-many`: more than two commands a second"),
        ],
    },
    Operation {
        method: "post",
        path: "/v1/refunds",
        id: "refund",
        summary: "Refund a payment, all of it or a part. The same `ref` never refunds twice",
        right: Some("refund"),
        query: None,
        body: Some(of::<RefundInput>),
        answers: &[Answer {
            status: 200,
            meaning: "What became of the refund: its `outcome` and `exitCode` say it",
            content: Content::Json(of::<Done>),
        }],
        problems: &[(503, "`configuration` or `unavailable`: nothing was sent")],
    },
    Operation {
        method: "get",
        path: "/v1/history",
        id: "history",
        summary: "List the sales of this counter, oldest first",
        right: Some("history"),
        query: Some(of::<HistoryFilter>),
        body: None,
        answers: &[Answer {
            status: 200,
            meaning: "The attempts that match",
            content: Content::Json(of::<History>),
        }],
        problems: &[],
    },
    Operation {
        method: "post",
        path: "/v1/settle",
        id: "settle",
        summary: "Settle what earlier sales left open, or decide about a part payment",
        right: Some("settle"),
        query: None,
        body: Some(of::<SettleOrder>),
        answers: &[Answer {
            status: 200,
            meaning: "What was settled; with `part`, what became of the part payment",
            content: Content::Json(settled),
        }],
        problems: &[
            (409, "`busy`: a sale has the display"),
            (
                503,
                "`configuration`, `unavailable` or `leaving`: not everything was settled",
            ),
        ],
    },
    Operation {
        method: "get",
        path: "/v1/status",
        id: "status",
        summary: "Tell what the display does",
        right: None,
        query: None,
        body: None,
        answers: &[Answer {
            status: 200,
            meaning: "The state of the display",
            content: Content::Json(of::<DisplayStatus>),
        }],
        problems: &[],
    },
    Operation {
        method: "get",
        path: "/v1/openapi.json",
        id: "openapi",
        summary: "Describe this API",
        right: None,
        query: None,
        body: None,
        answers: &[Answer {
            status: 200,
            meaning: "This document",
            content: Content::Document,
        }],
        problems: &[],
    },
];

fn settled(schemas: &mut SchemaGenerator) -> Schema {
    let (all, part) = (of::<Settled>(schemas), of::<Done>(schemas));

    json!({"anyOf": [all, part]}).try_into().unwrap_or_default()
}

/// Returns the document.
pub fn document() -> Value {
    let settings = || {
        SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
    };
    // A key with a default may be missing in a call, but never in an answer.
    let mut given = settings().for_deserialize().into_generator();
    let mut returned = settings().for_serialize().into_generator();
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path =
            paths
                .entry(operation.path)
                .or_insert_with(|| match operation.path.contains("{ref}") {
                    true => json!({"parameters": [{
                        "name": "ref",
                        "in": "path",
                        "required": true,
                        "description": "The till's reference of the sale, escaped for a URL.",
                        "schema": {"type": "string"},
                    }]}),
                    false => json!({}),
                });
        path[operation.method] = operation.described(&mut given, &mut returned);
    }
    let problem = returned.subschema_for::<Problem>();
    returned.subschema_for::<Announcement>();
    let mut schemas = given.take_definitions(true);
    schemas.extend(returned.take_definitions(true));

    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "The local API of patron-display",
            "version": "1",
            "summary": "Sales on a customer-facing payment display, for tills in any language",
            "description": "patron-display stand serves it on loopback. docs/local-api.md has examples.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:8790", "description": "[local-api] listen"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "Problem": {
                    "description": "Nothing was done. `reason` is for programs, `detail` for people.",
                    "content": {"application/problem+json": {"schema": problem}},
                },
            },
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token that patron-display till add has printed.",
                },
            },
        },
    })
}

/// Returns the document as the text of a file.
pub fn text() -> String {
    format!("{:#}\n", document())
}

impl Operation {
    fn described(&self, given: &mut SchemaGenerator, returned: &mut SchemaGenerator) -> Value {
        let mut answers = Map::new();
        for answer in self.answers {
            answers.insert(answer.status.to_string(), answer.described(returned));
        }
        let problem = |meaning: &str| {
            json!({
                "description": meaning,
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
                },
            })
        };
        for (status, meaning) in self.problems {
            answers.insert(status.to_string(), problem(meaning));
        }
        answers.insert(
            "default".to_owned(),
            json!({"$ref": "#/components/responses/Problem"}),
        );
        let mut described = json!({
            "operationId": self.id,
            "summary": self.summary,
            "responses": answers,
        });
        if let Some(right) = self.right {
            described["description"] =
                format!("The till needs the right `{right}` (`till add --may`).").into();
        }
        if let Some(body) = self.body {
            described["requestBody"] = json!({
                "required": true,
                "content": {"application/json": {"schema": body(given)}},
            });
        }
        if let Some(query) = self.query {
            described["parameters"] = parameters(query, given);
        }
        if self.id == "events" {
            described["parameters"] = json!([{
                "name": "Last-Event-ID",
                "in": "header",
                "description": "The id of the last event that the client has.",
                "schema": {"type": "integer", "minimum": 0},
            }]);
        }

        described
    }
}

/// Returns the fields of a type as parameters of a query.
fn parameters(of: fn(&mut SchemaGenerator) -> Schema, schemas: &mut SchemaGenerator) -> Value {
    let mut alone = schemas
        .settings()
        .clone()
        .with(|it| it.inline_subschemas = true)
        .into_generator();
    let schema = of(&mut alone).to_value();
    let fields = schema["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let parameters = fields.into_iter().map(|(name, mut field)| {
        let description = field["description"].take();
        if let Some(field) = field.as_object_mut() {
            field.remove("description");
            field.remove("default");
        }

        json!({"name": name, "in": "query", "description": description, "schema": field})
    });

    parameters.collect()
}

impl Answer {
    fn described(&self, returned: &mut SchemaGenerator) -> Value {
        let content = match self.content {
            Content::Empty => return json!({"description": self.meaning}),
            Content::Json(schema) => json!({"application/json": {"schema": schema(returned)}}),
            Content::Events => json!({"text/event-stream": {"schema": {"type": "string"}}}),
            Content::Document => json!({"application/json": {"schema": {"type": "object"}}}),
        };

        json!({"description": self.meaning, "content": content})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_in_docs_is_this_one() {
        let docs = include_str!("../../docs/local-api.openapi.json");
        assert!(
            docs == text(),
            "run: cargo run -- generate open-api --out docs"
        );
    }

    #[test]
    fn document_is_openapi() {
        let document: oas3::OpenApiV3Spec = serde_json::from_str(&text()).unwrap();
        assert!(document.validate_version().is_ok());
        assert_eq!(document.operations().count(), OPERATIONS.len());
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn check(value: &Value, document: &Value) {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(place)) = fields.get("$ref") {
                        let place = place.strip_prefix('#').unwrap();
                        assert!(document.pointer(place).is_some(), "{place}");
                    }
                    fields.values().for_each(|value| check(value, document));
                }
                Value::Array(values) => values.iter().for_each(|value| check(value, document)),
                _ => {}
            }
        }
        let document = document();
        check(&document, &document);
    }
}
