//! Faults while a code is shown or cancelled, in HTTP and below it. The application runs without a window.

mod deadline;
mod late;
mod pace;
mod photograph;
mod verdicts;
mod voids;
mod watched_sale;
