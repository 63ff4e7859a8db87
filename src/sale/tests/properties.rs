//! What holds whatever happens, in whatever order: the surroundings of a sale are made up.

mod changing;
mod clocks;
mod creating;
mod endings;
mod made_up;
mod misfits;
mod pacing;
mod walk;
