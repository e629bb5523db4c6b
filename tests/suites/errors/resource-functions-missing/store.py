from wit_world.exports import store


class Box(store.Box):
    def size(self):
        return 1
