"""An application of Bottle."""

from bottle import Bottle, abort, redirect, request, response, template

app = Bottle()


@app.get("/hello/<name>")
def hello(name):
    response.set_cookie("seen", name)
    return template("Hello, {{name}}!", name=name)


@app.post("/length")
def length():
    return {"length": len(request.body.read())}


@app.get("/old")
def old():
    redirect("/hello/new")


@app.get("/secret")
def secret():
    abort(401, "not for you")
