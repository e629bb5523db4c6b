from wit_world.exports.store import *
