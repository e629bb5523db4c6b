"""What an application of Flask usually does."""

from flask import Flask, Response, abort, redirect, render_template, request, session, stream_with_context, url_for


def create_app():
    app = Flask(__name__)
    app.secret_key = "for this test"

    @app.get("/")
    def page():
        return render_template("page.html", names=["tea", "<cake>"])

    @app.get("/items/<int:number>")
    def item(number):
        return {"number": number, "query": request.args.getlist("q")}

    @app.post("/form")
    def form():
        return {"name": request.form["name"], "cookie": request.cookies.get("a")}

    @app.post("/upload")
    def upload():
        file = request.files["file"]
        return {"name": file.filename, "length": len(file.read())}

    @app.post("/json")
    def json():
        return {"sum": sum(request.json)}

    @app.get("/stream")
    def stream():
        return Response(stream_with_context(f"{number} " for number in range(3)), mimetype="text/plain")

    @app.get("/login")
    def login():
        session["user"] = "ada"
        return redirect(url_for("item", number=7, q="a b"))

    @app.get("/secret")
    def secret():
        abort(403)

    @app.errorhandler(403)
    def forbidden(error):
        return "not for you", 403

    @app.get("/fail")
    def fail():
        raise LookupError("nothing is where it should be")

    return app
