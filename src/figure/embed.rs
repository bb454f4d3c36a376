//! Pictures of points within an SVG document, as PNG files in a `data:` address.

use super::points::Image;
use crate::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec_zlib;

/// How hard the compressor tries, 0 … 10: dots on nothing get little smaller beyond this.
const LEVEL: u8 = 4;

/// A picture as a `data:` address.
///
/// # Errors
/// The picture is empty.
pub fn data_address(image: &Image) -> Result<String> {
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(png(image)?)))
}

/// A picture as a PNG file (8 bits a channel, straight alpha, every row as it is).
fn png(image: &Image) -> Result<Vec<u8>> {
    let (width, height) = (image.width(), image.height());
    let (Ok(columns), Ok(rows)) = (u32::try_from(width), u32::try_from(height)) else {
        return Err(Error::request(format!("A picture of {width} x {height} pixels cannot be made")));
    };
    if columns == 0 || rows == 0 {
        return Err(Error::request(format!("A picture of {width} x {height} pixels cannot be made")));
    }
    let mut scanlines = Vec::with_capacity((4 * width + 1) * height);
    for row in image.pixels().chunks_exact(4 * width) {
        scanlines.push(0);
        scanlines.extend_from_slice(row);
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [columns.to_be_bytes(), rows.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 0]);
    chunk(&mut file, b"IHDR", &header)?;
    chunk(&mut file, b"IDAT", &compress_to_vec_zlib(&scanlines, LEVEL))?;
    chunk(&mut file, b"IEND", &[])?;
    Ok(file)
}

/// Length, name, content and checksum.
fn chunk(file: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) -> Result<()> {
    let length = u32::try_from(content.len()).map_err(|_| Error::request("The picture is too large for a PNG file"))?;
    file.extend(length.to_be_bytes());
    let start = file.len();
    file.extend(name);
    file.extend(content);
    let checksum = crc32(&file[start..]);
    file.extend(checksum.to_be_bytes());
    Ok(())
}

/// The checksum of PNG and zip.
fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 256] = std::array::from_fn(|byte| {
        (0..8).fold(byte as u32, |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
    });
    !bytes.iter().fold(!0, |c, &byte| table[((c ^ u32::from(byte)) & 0xff) as usize] ^ (c >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_picture_is_packed_row_by_row() {
        let image = Image::new(3, 2);
        let file = png(&image).unwrap();
        assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(&file[16..24], [0, 0, 0, 3, 0, 0, 0, 2]);
        let length = u32::from_be_bytes(file[33..37].try_into().unwrap()) as usize;
        let rows = miniz_oxide::inflate::decompress_to_vec_zlib(&file[41..41 + length]).unwrap();
        assert_eq!(rows, vec![0; 2 * (1 + 3 * 4)]);
        assert!(data_address(&Image::new(0, 4)).is_err());
    }

    #[cfg(feature = "figures")]
    #[test]
    fn points_survive_their_way_through_the_document() {
        use crate::figure::palette::Rgb;
        use crate::figure::points::Dot;
        let mut image = Image::new(20, 10);
        image.dot([10.0, 5.0], Dot { radius: 3.0, color: Rgb::new(0xff_8000), alpha: 1.0 });
        let address = data_address(&image).unwrap();
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\"><image width=\"20\" height=\"10\" href=\"{address}\"/></svg>"
        );
        let file = crate::figure::png::render(&svg, 1.0).unwrap();
        let pixmap = resvg::tiny_skia::Pixmap::decode_png(&file).unwrap();
        let pixel = pixmap.pixel(10, 5).unwrap();
        assert_eq!((pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()), (255, 128, 0, 255));
        assert_eq!(pixmap.pixel(1, 1).unwrap().alpha(), 0);
    }
}
