//! The app that the host calls: a module that hands on to the user's application.

use crate::Error;
use ampoule_settings::{Application, Target, WasiHttp, WebSettings};

/// The name of the module, below the package.
const MODULE: &str = "app";

/// The dotted name of the app, for the stages that import it.
pub const APP_MODULE: &str = "ampoule_web.app";

/// The classes that `bindgen` looks for, of the handlers of 0.2 and 0.3.
const HANDLER_0_2: &str = "WasiHttpIncomingHandler0212";
const HANDLER_0_3: &str = "WasiHttpHandler030";

/// A world of the package's WIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// What clients need.
    Client,
    /// A server of WASI 0.2 for WSGI, and clients.
    Wsgi,
    /// A server of WASI 0.2 for ASGI, and clients.
    Asgi,
    /// A server of WASI 0.3 for ASGI, and clients.
    AsgiService,
}

impl World {
    /// The world that settings ask for; none if they ask for nothing of HTTP.
    ///
    /// # Errors
    /// When an application of WSGI is to be served by 0.3, or none is to be warmed up.
    pub fn of(settings: &WebSettings) -> Result<Option<World>, Error> {
        if settings.wsgi.is_none() && settings.asgi.is_none() && !settings.warm_up.is_empty() {
            return Err(Error::NothingToWarmUp);
        }
        match (&settings.wsgi, &settings.asgi, settings.wasi_http) {
            (Some(_), Some(_), _) => Err(Error::Both),
            (Some(_), None, WasiHttp::V0_3) => Err(Error::OnlyAsgi),
            (Some(_), None, WasiHttp::V0_2) => Ok(Some(World::Wsgi)),
            (None, Some(_), WasiHttp::V0_2) => Ok(Some(World::Asgi)),
            (None, Some(_), WasiHttp::V0_3) => Ok(Some(World::AsgiService)),
            (None, None, _) => Ok(settings.http_client.then_some(World::Client)),
        }
    }

    /// Whether an application is served; its app is [`APP_MODULE`].
    pub fn is_served(self) -> bool {
        self != World::Client
    }

    /// The world's full name.
    pub fn name(self) -> &'static str {
        match self {
            World::Client => "ampoule:web/client",
            World::Wsgi | World::Asgi => "ampoule:web/proxy",
            World::AsgiService => "ampoule:web/service",
        }
    }

    /// The files of the package that its component has no use for.
    pub(crate) fn without(self) -> &'static [&'static str] {
        match self {
            World::Client => &["server"],
            World::Wsgi => &[
                "server/asgi.py",
                "server/asgi_service.py",
                "server/bodies.py",
                "server/exchange.py",
                "server/lifespan.py",
                "server/readiness.py",
                "server/warming.py",
            ],
            World::Asgi => &["server/asgi_service.py", "server/wsgi.py"],
            World::AsgiService => &[
                "server/asgi.py",
                "server/bodies.py",
                "server/readiness.py",
                "server/wsgi.py",
            ],
        }
    }
}

/// The file of the app's module and its text, for settings that have an application.
pub(crate) fn app(settings: &WebSettings) -> Option<(String, String)> {
    let (protocol, export, application) = match settings {
        WebSettings { wsgi: Some(wsgi), .. } => ("wsgi", HANDLER_0_2, wsgi),
        WebSettings {
            asgi: Some(asgi),
            wasi_http: WasiHttp::V0_2,
            ..
        } => ("asgi", HANDLER_0_2, asgi),
        WebSettings { asgi: Some(asgi), .. } => ("asgi_service", HANDLER_0_3, asgi),
        _ => return None,
    };
    let text = text(protocol, export, application);
    Some((format!("{MODULE}.py"), text + &warm_up(protocol, &settings.warm_up)))
}

fn text(protocol: &str, export: &str, Application { module, name }: &Application) -> String {
    format!(
        "\"\"\"What the host calls: it hands on to `{module}:{name}`.\"\"\"\n\n\
         import {module} as module\n\n\
         from ampoule_web.server import {protocol}\n\n\
         application = module.{name}\n\
         {export} = {protocol}.handler(application)\n"
    )
}

/// The requests that are answered now. A path has nothing that means something else in a text of Python than it does here.
fn warm_up(protocol: &str, targets: &[Target]) -> String {
    let targets: Vec<String> = targets
        .iter()
        .map(|target| format!("{:?}", target.to_string()))
        .collect();
    match targets.is_empty() {
        true => String::new(),
        false => format!("{protocol}.warm_up(application, [{}])\n", targets.join(", ")),
    }
}
