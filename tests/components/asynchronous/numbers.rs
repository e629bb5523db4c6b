//! Lists of numbers as buffers, in streams and futures.

use super::host::{App, Reading, collect, later, receive};
use wasmtime::component::{FutureReader, Linker, StreamReader, Val};

type Ends = (StreamReader<Vec<f64>>, FutureReader<Vec<u16>>);

#[test]
fn arrive_as_what_was_asked_for() {
    for form in ["array", "memoryview"] {
        let app = App::build_with("numeric-streams", |project| {
            let file = project.join("pyproject.toml");
            let text = std::fs::read_to_string(&file).expect("a project");
            std::fs::write(file, text.replace("array", form)).expect("the project can be written");
        });
        let mut linker = Linker::new(app.component.engine());
        wasmtime_wasi::p2::add_to_linker_async(&mut linker).expect("WASI");
        let mut instance = app.start_in(&linker);
        let pass = instance.typed::<Ends, (Ends,)>("pass");
        let items = vec![vec![0.5, -1.0], vec![], vec![f64::INFINITY]];
        let given = items.clone();
        let back = instance.run(async |accessor| {
            let (items, value) = accessor.with(|mut store| {
                wasmtime::error::Ok((StreamReader::new(&mut store, given)?, later(store, None, vec![65535])?))
            })?;
            let ((items, value),) = pass.call_concurrent(accessor, (items, value)).await?;
            let items = collect(accessor, items, Reading::at_a_time(3)).await?;
            wasmtime::error::Ok((items, receive(accessor, value, None).await?))
        });
        assert_eq!(back.expect("it comes back"), (items, vec![65535]), "{form}");
        let expected = ["d [0.5, -1.0]", "d []", "d [inf]", "H [65535]"];
        let expected = expected.map(|seen| Val::String(format!("{form} {seen}")));
        let seen = instance.call("seen", &[]).expect("the app tells it");
        assert_eq!(seen, Val::List(expected.into()), "{form}");
    }
}
