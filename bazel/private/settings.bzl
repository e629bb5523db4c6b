"""Attributes and flags of the settings that `settings_table.bzl` lists."""

load(":settings_table.bzl", "SETTINGS")

def _of(stage):
    return [setting for setting in SETTINGS if stage in setting.stages]

def _attribute(setting):
    if setting.form == "list":
        return attr.string_list(doc = setting.doc)
    if setting.form == "switch":
        return attr.bool(doc = setting.doc)
    if setting.form == "table":
        return attr.string_dict(doc = setting.doc)
    return attr.string(doc = setting.doc, default = setting.default, values = setting.values)

def setting_attributes(stages):
    """The attributes of the settings that stages read.

    Args:
      stages: the names of the stages.

    Returns:
      a dict of attributes by name.
    """
    return {setting.attribute: _attribute(setting) for stage in stages for setting in _of(stage)}

def has_settings(ctx, stage):
    """Whether any setting is given that a stage reads.

    Args:
      ctx: the context of a rule with the attributes.
      stage: the name of the stage, whose settings have no defaults.

    Returns:
      a boolean.
    """
    return any([getattr(ctx.attr, setting.attribute) for setting in _of(stage)])

def add_settings(arguments, ctx, stage, without = []):
    """Adds the flags of the settings that a stage reads.

    Args:
      arguments: an Args object.
      ctx: the context of a rule with the attributes.
      stage: the name of the stage.
      without: attributes that are not added.
    """
    for setting in _of(stage):
        if setting.attribute in without:
            continue
        value = getattr(ctx.attr, setting.attribute)
        flag = setting.flag + "=%s"
        if setting.form == "list":
            arguments.add_all(value, format_each = flag)
        elif setting.form == "table":
            arguments.add_all(["{}={}".format(*item) for item in sorted(value.items())], format_each = flag)
        elif setting.form == "switch":
            if value:
                arguments.add(setting.flag)
        elif value:
            arguments.add(value, format = flag)
