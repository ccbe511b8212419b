//! Pictures of screens (throwaway).
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use egui::{Color32, ImageData, TextureId, TexturesDelta, epaint::Primitive};
use egui_kittest::{Harness, TestRenderer};
use egui_kittest::kittest::Queryable as _;
use tillcode::ui::App;
use tillcode::domain::link::LinkState;
use tillcode::proto::backend::Learns;
use tillcode::terminal::snapshot::*;
use tillcode::terminal::{Notice, Screen as Which, Snapshot, Theme};
use crate::support::fake_till::*;
use crate::support::panels::{PANELS, Panel};

type Tex = Arc<Mutex<HashMap<TextureId, (usize, usize, Vec<Color32>)>>>;
struct Keep(Tex);
impl TestRenderer for Keep {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        let delta = std::mem::take(delta);
        let mut map = self.0.lock().unwrap();
        for (id, d) in delta.set.iter() {
            let ImageData::Color(image) = &d.image;
            let (w, h) = (image.size[0], image.size[1]);
            if let Some([x, y]) = d.pos {
                let t = map.get_mut(id).unwrap();
                for row in 0..h { for col in 0..w { t.2[(y + row) * t.0 + x + col] = image.pixels[row * w + col]; } }
            } else { map.insert(*id, (w, h, image.pixels.clone())); }
        }
    }
}
fn shot(panel: Panel, till: FakeTill, ground: [u8; 3], presses: &[&str], name: &str) {
    let tex: Tex = Arc::default();
    let till = std::rc::Rc::new(till);
    let app = App::new(std::rc::Rc::clone(&till) as std::rc::Rc<dyn tillcode::ui::Till>);
    let mut h = Harness::builder().with_size(panel.points()).with_pixels_per_point(panel.pixels_per_point())
        .with_max_steps(12).with_step_dt(0.05).renderer(Keep(Arc::clone(&tex)))
        .build_ui_state(|ui, app: &mut App| app.ui(ui), app);
    h.run_steps(4);
    for press in presses { 
        if h.query_all_by_label(press).next().is_none() { h.get_by_label("More…").click(); h.run_steps(4); }
        h.get_by_label(press).click(); h.run_steps(4); }
    h.run_steps(3);
    let (w, hh) = (panel.pixels.0 as usize, panel.pixels.1 as usize);
    let scale = panel.pixels_per_point();
    let out = h.output().clone();
    let prims = h.ctx.tessellate(out.shapes, scale);
    let mut px: Vec<[f32; 3]> = vec![[f32::from(ground[0]), f32::from(ground[1]), f32::from(ground[2])]; w * hh];
    let map = tex.lock().unwrap();
    for p in prims {
        let Primitive::Mesh(mesh) = p.primitive else { continue };
        let clip = p.clip_rect * scale;
        let t = map.get(&mesh.texture_id);
        for tri in mesh.indices.chunks(3) {
            let v: Vec<_> = tri.iter().map(|i| mesh.vertices[*i as usize]).collect();
            let pos: Vec<_> = v.iter().map(|v| v.pos * scale).collect();
            let area = (pos[1].x - pos[0].x) * (pos[2].y - pos[0].y) - (pos[1].y - pos[0].y) * (pos[2].x - pos[0].x);
            if area.abs() < 1e-6 { continue; }
            let minx = pos.iter().map(|p| p.x).fold(f32::MAX, f32::min).max(clip.min.x).max(0.0).floor() as usize;
            let maxx = pos.iter().map(|p| p.x).fold(0.0, f32::max).min(clip.max.x).min(w as f32).ceil() as usize;
            let miny = pos.iter().map(|p| p.y).fold(f32::MAX, f32::min).max(clip.min.y).max(0.0).floor() as usize;
            let maxy = pos.iter().map(|p| p.y).fold(0.0, f32::max).min(clip.max.y).min(hh as f32).ceil() as usize;
            for y in miny..maxy.min(hh) { for x in minx..maxx.min(w) {
                let (cx, cy) = (x as f32 + 0.5, y as f32 + 0.5);
                if cx < clip.min.x || cx > clip.max.x || cy < clip.min.y || cy > clip.max.y { continue; }
                let e = |a: egui::Pos2, b: egui::Pos2| ((b.x - a.x) * (cy - a.y) - (b.y - a.y) * (cx - a.x)) / area;
                let (w2, w0, w1) = (e(pos[0], pos[1]), e(pos[1], pos[2]), e(pos[2], pos[0]));
                if w0 < 0.0 || w1 < 0.0 || w2 < 0.0 { continue; }
                // top-left rule approximated
                let mix = |f: fn(&egui::epaint::Vertex) -> f32| f(&v[0]) * w0 + f(&v[1]) * w1 + f(&v[2]) * w2;
                let mut c = [mix(|v| f32::from(v.color.r())), mix(|v| f32::from(v.color.g())), mix(|v| f32::from(v.color.b())), mix(|v| f32::from(v.color.a()))];
                if let Some((tw, th, data)) = t {
                    let (u, vv) = (mix(|v| v.uv.x) * *tw as f32 - 0.5, mix(|v| v.uv.y) * *th as f32 - 0.5);
                    let (u0, v0) = (u.floor(), vv.floor());
                    let mut s = [0.0f32; 4];
                    for (dx, dy, k) in [(0.0, 0.0, (1.0 - (u - u0)) * (1.0 - (vv - v0))), (1.0, 0.0, (u - u0) * (1.0 - (vv - v0))), (0.0, 1.0, (1.0 - (u - u0)) * (vv - v0)), (1.0, 1.0, (u - u0) * (vv - v0))] {
                        let xx = (u0 + dx).clamp(0.0, (*tw - 1) as f32) as usize; let yy = (v0 + dy).clamp(0.0, (*th - 1) as f32) as usize;
                        let q = data[yy * tw + xx];
                        s[0] += f32::from(q.r()) * k; s[1] += f32::from(q.g()) * k; s[2] += f32::from(q.b()) * k; s[3] += f32::from(q.a()) * k;
                    }
                    for i in 0..4 { c[i] *= s[i] / 255.0; }
                }
                let dst = &mut px[y * w + x];
                for i in 0..3 { dst[i] = c[i] + dst[i] * (1.0 - c[3] / 255.0); }
            } }
        }
    }
    let mut img = image::RgbImage::new(w as u32, hh as u32);
    for (i, p) in px.iter().enumerate() { img.put_pixel((i % w) as u32, (i / w) as u32, image::Rgb([p[0].clamp(0.0, 255.0) as u8, p[1].clamp(0.0, 255.0) as u8, p[2].clamp(0.0, 255.0) as u8])); }
    img.save(format!("/work/tmp/ui3/{name}.png")).unwrap();
}

fn base(which: Which) -> Snapshot {
    let mut s = snapshot();
    s.screen = which; s.screen_seq = 5;
    s.accounts = Arc::from([account("main", Learns::Notified), account("second", Learns::Never)]);
    s
}
fn paying() -> Snapshot { let mut s = base(Which::Pay); let mut p = pay(sale(42, 600)); if let CodeView::Ready{asks, ..} = &mut p.code { *asks = Some(euro(600)); } s.pay = Some(p); s }
fn part() -> Snapshot { let mut s = paying(); if let Some(CodeView::Ready{asks, part, ..}) = s.pay.as_mut().map(|p| &mut p.code) { *asks = Some(euro(200)); *part = Some(tillcode::domain::sale::Part{number: 1, of: 3}); } s }
fn open() -> Snapshot { let mut s = paying(); if let Some(CodeView::Ready{asks, ..}) = s.pay.as_mut().map(|p| &mut p.code) { *asks = None; } s }
fn ended() -> Snapshot { let mut s = paying(); s.pay.as_mut().unwrap().code = CodeView::None { notice: Notice::CodeEnded }; s }
fn risky(pin: bool, minor: i64) -> Snapshot { let mut s = paying(); s.pay = Some(pay(sale(42, minor))); s.risk = RiskView { handed_over: euro(1250), sales: 3, per_sale: Some(euro(2000)), total: Some(euro(5000)), has_pin: pin }; s }
fn till(s: Snapshot) -> FakeTill {
    let t = FakeTill::new(s);
    *t.sales.lock().unwrap() = vec![sale(42, 350), sale(43, 900)];
    *t.day.lock().unwrap() = vec![tillcode::terminal::query::DayTotal { paid: euro(123450), cash: euro(4520), unknown: euro(950), sales: 9, open_sales: 2 }];
    let mut first = waits(1, "create", None); first.sale = Some("K7-0041".to_owned());
    let mut going = waits(4, "withdraw", None); going.under_way = true; going.next_try_ms = None;
    *t.sync.lock().unwrap() = Some(tillcode::terminal::query::SyncReport { clock_off_secs: Some(-400), ..sync(vec![first, waits(2, "update", Some("4pay refused to change the link (HTTP 422, amount_not_allowed, request 7f3a): the amount is above the limit of the account: ask 4pay to raise it")), waits(3, "create", None), going, waits(5, "create_product", None), waits(6, "create", None)]) });
    let mut links = Vec::new();
    for (i, (n, m)) in [("Espresso", 250), ("Cappuccino", 350), ("Croissant with almonds and chocolate", 220), ("Apple", 120), ("Orange", 130), ("Tea", 200)].into_iter().enumerate() { links.push(sticker(i as u8, n, m, LinkState::Live)); }
    links.push(sticker(20, "Water", 100, LinkState::Wanted)); links.push(sticker(21, "Milk", 100, LinkState::Refused)); links.push(sticker(22, "Espresso", 240, LinkState::Retired)); links.push(sticker(23, "Old thing", 240, LinkState::Withdrawn));
    *t.links.lock().unwrap() = links;
    t
}
#[test]
fn look() {
    let only = std::env::var("LOOK").unwrap_or_default();
    let panels = std::env::var("PANEL").unwrap_or("0,2,4".to_owned());
    let lang = std::env::var("LANGUAGE_OF_TILL").unwrap_or_default();
    let scenes: Vec<(&str, Snapshot, Vec<&str>)> = vec![
        ("pay", paying(), vec![]), ("pay-part", part(), vec![]), ("pay-open", open(), vec![]), ("pay-ended", ended(), vec![]),
        ("more", paying(), vec!["@more"]), ("other", paying(), vec!["@other"]),
        ("claim", risky(true, 350), vec!["@claim"]), ("claim-pin", risky(true, 4350), vec!["@claim", "1", "2", "3"]), ("claim-no", risky(false, 4350), vec!["@claim"]),
        ("claim-pin-wrong", { let mut s = risky(true, 4350); s.notice = Some((3, Notice::PinWrong)); s }, vec!["@claim"]),
        ("sync", { let mut s = base(Which::Sync); s.status.waiting_to_send = 6; s.status.spare_codes = 3; let mut a = s.accounts.to_vec(); a[1].reach = Reach::Refusing{since: morning()}; s.accounts = a.into(); s.status.last_problem = Some("4geeks refused the key (HTTP 401): check api_key in the configuration".to_owned()); s }, vec![]),
        ("give-up", base(Which::Sync), vec!["@giveup"]),
        ("stickers", base(Which::Stickers), vec![]), ("share", base(Which::Stickers), vec!["@share"]), ("withdraw", base(Which::Stickers), vec!["@share", "@off"]),
        ("recent", base(Which::Recent), vec![]), ("settings", base(Which::Settings), vec![]), ("accounts", base(Which::Settings), vec!["@accounts"]),
    ];
    for (name, snap, presses) in scenes {
        if !only.is_empty() && !only.split(',').any(|o| o == name) { continue; }
        for i in panels.split(',') { let panel = PANELS[i.parse::<usize>().unwrap()];
            for (theme, ground) in [(Theme::Light, [238, 240, 243]), (Theme::Dark, [17, 21, 27])] {
                if theme == Theme::Dark && std::env::var("DARK").is_err() { continue; }
                let mut s = snap.clone(); s.theme = theme;
                let l = match lang.as_str() { "de" => tillcode::domain::locale::Language::De, "es" => tillcode::domain::locale::Language::Es, _ => tillcode::domain::locale::Language::En };
                s.language = l;
                let words = tillcode::ui::tr::Words::of(l);
                let names: Vec<String> = presses.iter().map(|p| match *p {
                    "@more" => words.say("pay-more", &[]), "@other" => words.say("pay-other-way", &[]), "@claim" => words.say("pay-claim", &[]),
                    "@giveup" => words.say("sync-give-up-of", &[("what", &format!("{} · Thing 2 · 2.50 € · main", words.say("job-update", &[])))]),
                    "@share" => format!("Espresso · main, 2.50 €, {}", words.say("sticker-live", &[])), "@off" => words.say("sticker-switch-off", &[]), "@accounts" => words.say("settings-accounts-open", &[]), p => p.to_owned() }).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let names = if name == "more" && i != "0" { Vec::new() } else { names };
                shot(panel, till(s), ground, &names, &format!("{name}-{i}{}{lang}", if theme == Theme::Dark { "-dark" } else { "" }));
            } }
    }
}
