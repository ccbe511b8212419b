//! The kiosk's local socket: subcommands ask the till that runs instead of opening its database.
