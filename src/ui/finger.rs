//! What happens between the window system and the toolkit: motion waits for a button.
//!
//! The toolkit paints a frame for each event. A pointer that moves with no button down changes nothing
//! here, since a till for fingers shows no hovering, but the frame painted for it would stand in the
//! way of the tap that follows.

use eframe::{EframeWinitApplication, UserEvent};
use winit::application::ApplicationHandler;
use winit::event::{ElementState, StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, DeviceEvents};
use winit::window::WindowId;

/// The toolkit, told where the pointer is when something is done there.
pub(super) struct Finger<'a> {
    toolkit: EframeWinitApplication<'a>,
    is_down: bool,
    /// The last place, which the toolkit was not told yet.
    moved: Option<(WindowId, WindowEvent)>,
}

impl<'a> Finger<'a> {
    pub(super) const fn before(toolkit: EframeWinitApplication<'a>) -> Self {
        Self {
            toolkit,
            is_down: false,
            moved: None,
        }
    }
}

impl ApplicationHandler<UserEvent> for Finger<'_> {
    fn window_event(&mut self, event_loop: &ActiveEventLoop, id: WindowId, event: WindowEvent) {
        if let WindowEvent::MouseInput { state, .. } = event {
            self.is_down = state == ElementState::Pressed;
        }
        if matches!(event, WindowEvent::CursorMoved { .. }) && !self.is_down {
            self.moved = Some((id, event));
            return;
        }
        if event != WindowEvent::RedrawRequested
            && let Some((id, moved)) = self.moved.take()
        {
            self.toolkit.window_event(event_loop, id, moved);
        }
        self.toolkit.window_event(event_loop, id, event);
    }

    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        // Motion once more, as the device tells it.
        event_loop.listen_device_events(DeviceEvents::Never);
        self.toolkit.resumed(event_loop);
    }

    fn new_events(&mut self, event_loop: &ActiveEventLoop, cause: StartCause) {
        self.toolkit.new_events(event_loop, cause);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: UserEvent) {
        self.toolkit.user_event(event_loop, event);
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.toolkit.about_to_wait(event_loop);
    }

    fn suspended(&mut self, event_loop: &ActiveEventLoop) {
        self.toolkit.suspended(event_loop);
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        self.toolkit.exiting(event_loop);
    }
}
