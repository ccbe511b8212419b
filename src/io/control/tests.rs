//! Server and client over a real socket.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;

use super::*;

/// Serves sums on a folder while `work` runs on this thread.
fn with_server(folder: &Path, work: impl FnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let server = {
        let _entered = runtime.enter();
        ControlServer::bind(folder).unwrap()
    };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("server".to_owned())
            .spawn_scoped(scope, || {
                let sum = |numbers: Vec<u64>| async move { numbers.iter().sum::<u64>() };
                runtime.block_on(server.serve(sum, async { stopped.await.unwrap() }));
            })
            .unwrap();
        work();
        stop.send(()).unwrap();
    });
}

#[test]
fn questions_are_answered_and_the_socket_goes_with_the_till() {
    let folder = tempfile::tempdir().unwrap();
    assert!(ControlClient::connect(folder.path()).unwrap().is_none());
    // A till that was killed.
    drop(std::os::unix::net::UnixListener::bind(folder.path().join(FILE_NAME)).unwrap());
    assert!(ControlClient::connect(folder.path()).unwrap().is_none());

    with_server(folder.path(), || {
        let socket = std::fs::metadata(folder.path().join(FILE_NAME)).unwrap();
        assert_eq!(socket.permissions().mode() & 0o777, 0o600);
        let mut one = ControlClient::connect(folder.path()).unwrap().unwrap();
        let mut other = ControlClient::connect(folder.path()).unwrap().unwrap();
        assert_eq!(one.ask::<_, u64>(&[1, 2]).unwrap(), 3);
        assert_eq!(other.ask::<_, u64>(&vec![1; 300_000]).unwrap(), 300_000);
        assert_eq!(one.ask::<_, u64>(&[3, 4]).unwrap(), 7);
    });
    assert!(!folder.path().join(FILE_NAME).exists());
}

#[test]
fn a_liar_ends_only_its_own_connection() {
    let folder = tempfile::tempdir().unwrap();
    with_server(folder.path(), || {
        for bytes in [
            &u32::MAX.to_be_bytes()[..],
            b"\0\0\0\x05nojsn",
            b"\0\0\0\x04{}",
        ] {
            let mut liar = UnixStream::connect(folder.path().join(FILE_NAME)).unwrap();
            liar.write_all(bytes).unwrap();
            liar.shutdown(std::net::Shutdown::Write).unwrap();
            let mut answer = Vec::new();
            // The server may end it before or after everything was read.
            drop(liar.read_to_end(&mut answer));
            assert!(answer.is_empty());
        }
        let mut honest = ControlClient::connect(folder.path()).unwrap().unwrap();
        assert_eq!(honest.ask::<_, u64>(&[1]).unwrap(), 1);
    });
}
