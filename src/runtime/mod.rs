//! Floor 4: the loop. Receive, handle, commit, run effects, publish.
