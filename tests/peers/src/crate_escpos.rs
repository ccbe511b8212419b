//! Labels by the crate `escpos`.

use std::cell::RefCell;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer;
use escpos::utils::{
    JustifyMode, PageCode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption,
};

use crate::label::{Label, Line};

/// Neither large nor bold.
const PLAIN: (bool, bool) = (false, false);

/// Keeps what it is sent.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Driver for Kept {
    fn name(&self) -> String {
        "kept".to_owned()
    }

    fn write(&self, data: &[u8]) -> Result<()> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _buffer: &mut [u8]) -> Result<usize> {
        Ok(0)
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

fn look(printer: &mut Printer<Kept>, (large, bold): (bool, bool)) -> Result<()> {
    let times = if large { 2 } else { 1 };
    printer.bold(bold)?.size(times, times)?;
    Ok(())
}

/// What is on already is not told again; plain again at the end.
fn write(printer: &mut Printer<Kept>, lines: &[Line]) -> Result<()> {
    let mut looks = PLAIN;
    for line in lines {
        match line.page {
            None => {}
            Some("cp437") => drop(printer.page_code(PageCode::PC437)?),
            Some("windows-1252") => drop(printer.page_code(PageCode::WPC1252)?),
            Some(other) => panic!("no such page here: {other}"),
        }
        if looks != (line.large, line.bold) {
            looks = (line.large, line.bold);
            look(printer, looks)?;
        }
        printer.writeln(&line.text)?;
    }
    if looks != PLAIN {
        look(printer, PLAIN)?;
    }
    Ok(())
}

/// The printer draws the code: of dots it knows only files of pictures.
pub fn encode(label: &Label) -> Result<Vec<u8>> {
    let kept = Kept::default();
    let mut printer = Printer::new(kept.clone(), Protocol::default(), None);
    let level = QRCodeCorrectionLevel::M;
    printer.init()?.justify(JustifyMode::CENTER)?;
    write(&mut printer, &label.above)?;
    let code = QRCodeOption::new(QRCodeModel::Model2, label.module, level);
    printer
        .feeds(label.white)?
        .qrcode_option(&label.link, code)?
        .feeds(label.white)?;
    write(&mut printer, &label.below)?;
    printer.feeds(4)?.partial_cut()?.print()?;
    Ok(kept.0.take())
}
