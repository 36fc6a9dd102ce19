//! The sandbox through the real application: Kakao's paths, asked as its SDKs ask them.

mod image_store;
mod images;
