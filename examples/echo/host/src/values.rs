//! Values at the edges of each type.

/// Smallest, largest and the ones around zero.
macro_rules! integers {
    ($($name:ident: $kind:ty;)*) => {
        $(
            #[doc = concat!("Edges of `", stringify!($kind), "`.")]
            pub fn $name() -> Vec<$kind> {
                vec![0, 1, 2, <$kind>::MAX / 2, <$kind>::MAX / 2 + 1, <$kind>::MAX - 1, <$kind>::MAX, <$kind>::MIN, <$kind>::MIN + 1]
            }
        )*
    };
}

integers! {
    u8s: u8;
    u16s: u16;
    u32s: u32;
    u64s: u64;
    s8s: i8;
    s16s: i16;
    s32s: i32;
    s64s: i64;
}

/// Zeros of both signs, denormal and extreme numbers, infinities and not-a-number.
pub fn f32s() -> Vec<f32> {
    vec![
        0.0,
        -0.0,
        1.5,
        -1.0e-3,
        f32::MIN_POSITIVE,
        f32::from_bits(1),
        f32::MAX,
        f32::MIN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::NAN,
    ]
}

/// The same for f64.
pub fn f64s() -> Vec<f64> {
    vec![
        0.0,
        -0.0,
        0.1,
        -1.0e-300,
        f64::MIN_POSITIVE,
        f64::from_bits(1),
        f64::MAX,
        f64::MIN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ]
}

/// The first and last character of each length in UTF-8, and those around the surrogates.
pub fn chars() -> Vec<char> {
    vec![
        'a',
        '\0',
        '\u{7f}',
        '\u{80}',
        '\u{7ff}',
        '\u{800}',
        '\u{d7ff}',
        '\u{e000}',
        '\u{feff}',
        '\u{ffff}',
        '\u{10000}',
        '🐍',
        '\u{10ffff}',
    ]
}

/// Empty, short, with zero bytes, in each width that Python stores, and long.
pub fn strings() -> Vec<String> {
    vec![
        String::new(),
        "a".to_string(),
        "with a \0 in it".to_string(),
        "Grüße".to_string(),
        "Ελληνικά".to_string(),
        "蛇 and 🐍".to_string(),
        chars().into_iter().collect(),
        "long ".repeat(20_000),
        "länger ".repeat(20_000),
        "🐍".repeat(20_000),
    ]
}

/// Empty, single, all edges, and many.
pub fn lists<T: Clone>(edges: Vec<T>) -> Vec<Vec<T>> {
    let many = edges.iter().cycle().take(10_007).cloned().collect();
    vec![Vec::new(), edges[..1].to_vec(), edges, many]
}

/// None, and each value.
pub fn options<T>(values: Vec<T>) -> Vec<Option<T>> {
    let mut options = vec![None];
    options.extend(values.into_iter().map(Some));
    options
}

/// Each value as success and as failure.
pub fn results<T, E>(values: Vec<T>, errors: Vec<E>) -> Vec<Result<T, E>> {
    let mut results: Vec<Result<T, E>> = values.into_iter().map(Ok).collect();
    results.extend(errors.into_iter().map(Err));
    results
}
