"""The archives that a stage unpacks."""

ARCHIVES = {
    "archives": attr.label_keyed_string_dict(
        doc = "The archives, each with its name and how it is unpacked: `NAME=FORMAT,strip=N,bytes=N,entries=N`.",
        allow_files = True,
        mandatory = True,
    ),
}

def add_archives(arguments, archives):
    """Adds the archives to the arguments of the stage that unpacks them.

    Args:
      arguments: an Args object.
      archives: the attribute.

    Returns:
      the files.
    """
    files = []
    for target, rules in archives.items():
        [file] = target.files.to_list()
        arguments.add("--archive", file, format = rules + ":%s")
        files.append(file)
    return files

def unpacking(name, pin, file):
    """How a pinned archive is unpacked, as the attribute has it.

    Args:
      name: the name by which the stage knows it.
      pin: the pin.
      file: one of its files.

    Returns:
      a string.
    """
    return "{}={},strip={},bytes={},entries={}".format(
        name,
        pin["unpack"]["format"],
        pin["unpack"]["strip"],
        file["limit"]["bytes"],
        file["limit"]["entries"],
    )
