import antlr4


def check():
    stream = antlr4.InputStream("käse")
    assert stream.size == 4 and stream.LA(2) == ord("ä") and stream.getText(1, 3) == "äse"
