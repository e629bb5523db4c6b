"""The packages with native code that the root module and others ask for, each built by a recipe."""

load(":archives.bzl", "unpacking")
load(":crates.bzl", "crates")
load(":repositories.bzl", "file_repository", "packages")

# What the program writes of the recipes (`BLESS=1 cargo test --release --workspace --test cli settings`).
_RECIPES = Label("//bazel/private:recipes.json")

# The name by which the stage `prepare` knows the source distribution.
_SDIST = "sdist"

def _find(recipes, name, version):
    """The first recipe for a version of a package."""
    tried = []
    for recipe in recipes:
        if recipe["package"] == name:
            if version in recipe["versions"]:
                return recipe
            tried += recipe["versions"].keys()
    if tried:
        fail("there is no recipe for {} {}: it was tried with {}".format(name, version, ", ".join(tried)))
    fail("there is no recipe for {}; there are recipes for {}".format(name, ", ".join([recipe["package"] for recipe in recipes])))

def _declare_archives(package, pins, table, prebuilt):
    """A repository for each archive; gives the archives with how they are unpacked, as the stage takes them."""
    archives = {}
    for index, pin in enumerate(pins):
        repository = "_".join(["ampoule_package", package, pin["name"] if index else _SDIST])
        file_repository(
            name = repository,
            file = json.encode(pin["files"][0]),
            lock = table,
            pin = pin["name"],
            pins = json.encode({"pins": [pin]}),
            prebuilt = prebuilt,
        )
        archives["@{}//:file".format(repository)] = unpacking(pin["name"] if index else _SDIST, pin, pin["files"][0])
    return archives

def _lock(name, version, built):
    """A lock (PEP 751) that names the source distribution."""
    return "\n".join([
        'lock-version = "1.0"',
        'created-by = "ampoule"',
        "[[packages]]",
        "name = {}".format(json.encode(name)),
        "version = {}".format(json.encode(version)),
        "sdist = {{ name = {}, hashes = {{ sha256 = {} }} }}".format(
            json.encode(built["pins"][0]["files"][0]["file"]),
            json.encode(built["sha256"]),
        ),
    ]) + "\n"

def _package(recipe, name, version, built_with, prebuilt):
    """The attributes of a package's target."""
    built = recipe["versions"][version]
    table = recipe["table"]
    attributes = {
        "archives": _declare_archives(name, built["pins"], table, prebuilt),
        "built_with": built_with["c"] + (built_with["rust"] if built["crates"] else []),
        "libraries": json.encode(recipe["libraries"]),
        "lock": _lock(name, version, built),
        "modules": json.encode(recipe["modules"]),
        "name": name,
        "recipe": str(Label("//:recipes/" + recipe["file"]) if table == _RECIPES else table.same_package_label(recipe["file"])),
        "wheel": built["wheel"],
    }
    if built["crates"]:
        repository = "ampoule_package_{}_crates".format(name)
        crates(name = repository, crates = built["crates"], prebuilt = prebuilt)
        attributes["crates"] = "@{}//:crates".format(repository)
    if recipe["needs"]:
        attributes["needs"] = {":{}.installed".format(needed): needed for needed in recipe["needs"]}
    if recipe["generates"]:
        attributes["generator"] = str(Label("//bazel/generator"))
    return attributes

def declare_packages(module_ctx, pins, prebuilt):
    """Declares the repository `ampoule_packages`, with a library for each package that a module asks for.

    Args:
      module_ctx: the context of the module extension.
      pins: the pins of the toolchain.
      prebuilt: the platforms with pinned programs of Ampoule.
    """
    built_with = {
        "c": ["{}={}".format(name, pin["version"]) for name, pin in pins.items() if pin.get("group") == "sdk"],
        "rust": ["rustc={}".format(pins["rustc"]["version"])] if "rustc" in pins else [],
    }
    versions = {}
    tables = []
    for module in module_ctx.modules:
        for tag in module.tags.package:
            # The root module comes first: its version of a package wins, and its recipes do.
            versions.setdefault(tag.name, tag.version)
            if tag.recipes and tag.recipes not in tables:
                tables.append(tag.recipes)
    recipes = []
    for table in tables + [_RECIPES]:
        recipes += [recipe | {"table": table} for recipe in json.decode(module_ctx.read(table))]
    for name, version in list(versions.items()):
        # What gives headers only is a target as well, of which the headers alone are made. Nothing of that needs others.
        for needed, its_version in _find(recipes, name, version)["needs"].items():
            versions.setdefault(needed, its_version)
    packages(
        name = "ampoule_packages",
        packages = json.encode([
            _package(_find(recipes, name, version), name, version, built_with, prebuilt)
            for name, version in versions.items()
        ]),
    )
